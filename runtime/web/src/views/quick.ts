// Conditions that one tap sets: a choice among those with the same value of a field.
import {
  type Field,
  type Form,
  fieldOf,
  type Group,
  isGroup,
  isStated,
  type Option,
  stageOf,
  type View,
} from '../meta';

/** Fields with chips of their own, and how many choices these may have. */
const most = 2;
const mostOptions = 7;

const choices = new Set(['select', 'stage']);

export const optionsOf = ({ definition }: Field): Option[] =>
  (definition['x-options'] ?? []).filter((option) => !option.off);

/**
 * The fields that people narrow a list by all day: those that boards stand by, the stage, then the first of the columns
 * whose few choices have colours. The field that the view stands by itself shows them all.
 */
export function quickFields(form: Form, columns: Field[], by: string | undefined): Field[] {
  const boards = form.views.filter((view) => view.kind === 'kanban').map((view) => fieldOf(form, view.group ?? ''));
  const coloured = columns.filter((field) => optionsOf(field).every((option) => option.color));
  const found = [...boards, stageOf(form), ...coloured].filter((field) => field !== undefined);
  return [...new Set(found)]
    .filter((field) => choices.has(field.definition['x-field']) && !field.masked && field.key !== by)
    .filter((field) => optionsOf(field).length > 1 && optionsOf(field).length <= mostOptions)
    .slice(0, most);
}

/** The field of whose it is, where the view does not show mine alone already. */
export function ownerToChoose(form: Form, view: View | undefined): string | undefined {
  const filter = view?.filter ?? '';
  const parts = / or |\|\|/.test(filter) ? [] : filter.split(/ and |&&/).map((part) => part.trim());
  return parts.includes(`${form.owner} == actor.id`) ? undefined : form.owner;
}

const isFor = (field: string) => (one: Group['items'][number]) =>
  !isGroup(one) && !isStated(one) && one.field === field && one.op === 'in' && Array.isArray(one.value);

/** The values of a field that a filter asks for beside everything else. */
export function chosenOf(filter: Group | undefined, field: string): unknown[] {
  const found = filter?.join === 'and' ? filter.items.find(isFor(field)) : undefined;
  return found && !isGroup(found) && !isStated(found) && Array.isArray(found.value) ? found.value : [];
}

/** The filter with a value more, or less where it was there; undefined where nothing is left of it. */
export function toggled(filter: Group | undefined, field: string, value: unknown): Group | undefined {
  const before = chosenOf(filter, field);
  const now = before.includes(value) ? before.filter((one) => one !== value) : [...before, value];
  const items = filter?.join === 'and' ? filter.items : filter ? [filter] : [];
  const at = items.findIndex(isFor(field));
  const one = { field, op: 'in' as const, value: now };
  const rest =
    at < 0
      ? [...items, one]
      : now.length
        ? items.map((item, index) => (index === at ? one : item))
        : items.filter((_, index) => index !== at);
  return rest.length ? { join: 'and', items: rest } : undefined;
}
