// The records behind a place of a widget, as the address of a list asks for them.
import { useNavigate } from '@tanstack/react-router';
import { anyField, type Condition, type Form, formOf, type Group, instantOf, useWorld, type Widget } from '../meta';
import type { ListSearch } from '../shell/router';
import type { Key } from './figures';
import { bucketStretch, stretchOf } from './period';
import { conditionsFor, type Scope } from './scope';

/** Opens them: keys are the groups of the place, none for all. */
export function useBehind(widget: Widget, scope: Scope): (keys: Key[]) => void {
  const navigate = useNavigate();
  const { catalog } = useWorld();
  return (keys) => {
    const form = formOf(catalog, widget.form) as Form;
    void navigate({
      to: '/f/$form',
      params: { form: widget.form },
      search: searchBehind(form, widget, scope, keys),
    });
  };
}

export function searchBehind(form: Form, widget: Widget, scope: Scope, keys: Key[]): ListSearch {
  const stated = widget.filter ? [{ expr: widget.filter, label: widget.label }] : [];
  const items = [...stated, ...behind(form, widget, scope, keys)];
  const filter: Group = { join: 'and', items };
  return {
    view: widget.view ?? (widget.kind === 'list' ? undefined : whole(form)),
    f: items.length ? JSON.stringify(filter) : undefined,
  };
}

/** A view that leaves nothing out, where there is one: what was counted is not narrowed by a view, as a list is. */
const whole = (form: Form) =>
  (form.views.find(({ kind, filter }) => kind === 'table' && !filter) ?? form.views[0])?.key;

/** What was clicked, the page's period and its filters. */
export function behind(form: Form, widget: Widget, scope: Scope, keys: Key[]): Condition[] {
  const items = keys.flatMap((key, index) => conditionsOf(form, widget, index, key));
  const stretch = widget.date ? stretchOf(scope.period) : undefined;
  if (stretch && widget.date && !items.some((item) => item.field === widget.date)) {
    items.push(...between(form, widget.date, stretch));
  }
  return [...items, ...conditionsFor(scope, form.key)];
}

/** Days are those of the organisation, wherever the reader is. */
function between(form: Form, field: string, [from, until]: [string, string]): Condition[] {
  const isInstant = anyField(form, field)?.definition['x-field'] === 'datetime';
  const write = (day: string) => (isInstant ? instantOf(`${day}T00:00:00`) : day);
  return [
    { field, op: 'gte', value: write(from) },
    { field, op: 'lt', value: write(until) },
  ];
}

function conditionsOf(form: Form, widget: Widget, index: number, key: Key): Condition[] {
  const group = widget.group?.[index];
  // What is grouped by the columns of a table has no condition that a list could show.
  if (!group || group.field.includes('.')) return [];
  if (key.raw === null || key.raw === undefined || key.raw === '') return [{ field: group.field, op: 'empty' }];
  if (group.bucket) {
    const stretch = bucketStretch(String(key.raw), group.bucket);
    return stretch ? between(form, group.field, stretch) : [];
  }
  if (typeof key.raw === 'boolean') return [{ field: group.field, op: 'eq', value: key.raw }];
  return [{ field: group.field, op: 'in', value: [key.raw] }];
}
