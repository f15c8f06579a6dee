// Finding one's way in the catalog.
import system from '../i18n/system.json';
import type { Catalog, Field, FieldDef, FieldKind, Form, Label, Option, View } from './types';

/** The text of a label for a reader; English and Chinese are always there. */
export function textOf(label: Label | undefined, locale: string): string {
  if (!label) return '';
  return label[locale] ?? label[locale.split('-')[0] ?? ''] ?? label['zh-CN'] ?? Object.values(label)[0] ?? '';
}

export function formOf(catalog: Catalog, key: string): Form | undefined {
  return catalog.forms.find((form) => form.key === key);
}

export function fieldOf(form: Form, key: string): Field | undefined {
  return form.fields.find((field) => field.key === key);
}

export function viewOf(form: Form, key: string | undefined): View | undefined {
  return form.views.find((view) => view.key === key) ?? form.views[0];
}

/** The kinds whose values are those of another field. */
const derived = new Set(['mirror', 'formula', 'rollup']);
const depth = 8;

/**
 * The definition that a field's values have: a mirror's are its target's, a formula's are of its result. It keeps
 * the field's own label. Where the target is hidden from the reader, the values read as text.
 */
export function valuesOf(catalog: Catalog, form: Form, def: FieldDef, left = depth): FieldDef {
  const kind = def['x-field'];
  if (!derived.has(kind) || left === 0) return def;
  const as = kind === 'formula' ? { ...def, 'x-field': def['x-result'] ?? 'text' } : targetOf(catalog, form, def, left);
  return { ...as, 'x-label': def['x-label'], 'x-help': def['x-help'] };
}

function targetOf(catalog: Catalog, form: Form, def: FieldDef, left: number): FieldDef {
  if (def['x-field'] === 'rollup' && def['x-op'] === 'count') {
    return { ...def, 'x-field': 'number', 'x-scale': 0 };
  }
  const via = def['x-field'] === 'mirror' ? fieldOf(form, def['x-via'] ?? '')?.definition['x-ref'] : def['x-from'];
  const home = formOf(catalog, via ?? '');
  const target = home && fieldOf(home, def['x-of'] ?? '');
  if (!home || !target) {
    return { ...def, 'x-field': def['x-field'] === 'rollup' ? 'number' : 'text' };
  }
  const as = valuesOf(catalog, home, target.definition, left - 1);
  // The average of points is no longer one.
  const isFraction = def['x-op'] === 'avg' && as['x-field'] === 'rating';
  return isFraction ? { ...as, 'x-field': 'number', 'x-scale': def['x-scale'] } : as;
}

/** Fields that every record has, as fields to show, filter and sort by. */
export const systemFields: Field[] = systemOf(false);
/** And those of records that pools take back. */
const pooledFields = systemOf(true);

function systemOf(pooled: boolean): Field[] {
  return Object.entries(system)
    .filter(([, one]) => 'pooled' in one === pooled)
    .map(([key, { kind, label }]) => ({
      key,
      readOnly: true,
      definition: { 'x-field': kind as FieldKind, 'x-label': label },
    }));
}

export function anyField(form: Form, key: string): Field | undefined {
  const found = fieldOf(form, key) ?? systemFields.find((field) => field.key === key);
  return found ?? (form.pools?.length ? pooledFields.find((field) => field.key === key) : undefined);
}

export function optionOf(options: Option[] | undefined, value: unknown): Option | undefined {
  return options?.find((option) => option.value === value);
}

/** The columns that a view shows, without fields that its reader does not see. */
export function columnsOf(form: Form, view: View | undefined): Field[] {
  const wanted = view?.columns?.length ? view.columns : form.fields.slice(0, 8).map((field) => field.key);
  const fields = wanted.map((key) => anyField(form, key)).filter((field) => field !== undefined);
  return fields.length ? fields : form.fields.slice(0, 6);
}

/** The columns of a table field in order. */
export function rowFields(def: FieldDef): Field[] {
  const properties = def.properties ?? {};
  const ordered = def['x-order'] ?? [];
  const rest = Object.keys(properties)
    .filter((key) => !ordered.includes(key))
    .sort();
  return [...ordered, ...rest].flatMap((key) => {
    const definition = properties[key];
    return definition ? [{ key, definition, computed: Boolean(definition['x-compute']) }] : [];
  });
}

export interface Part {
  key: string;
  label?: Label;
  /** The tab that it stands on. */
  tab?: string;
  fields: Field[];
}

/** The parts of a page: the form's sections, then what stands in none. */
export function partsOf(form: Form): Part[] {
  const parts: Part[] = (form.sections ?? []).map((section) => ({
    key: section.key,
    label: section.label,
    tab: section.tab,
    fields: section.fields.map((key) => fieldOf(form, key)).filter((field) => field !== undefined),
  }));
  const placed = new Set(parts.flatMap((part) => part.fields.map((field) => field.key)));
  const rest = form.fields.filter((field) => !placed.has(field.key));
  return rest.length ? [...parts, { key: 'rest', fields: rest }] : parts;
}

/** The first stage field, which the stage bar and the board move along. */
export function stageOf(form: Form): Field | undefined {
  return form.fields.find((field) => field.definition['x-field'] === 'stage');
}

/** Whether one of the records could take the others' place, as far as their rights tell. */
export function mayMerge(form: Form, ...records: { rights: { update: boolean; delete: boolean } }[]): boolean {
  return (
    Boolean(form.duplicates?.length) &&
    records.some(({ rights }) => rights.update) &&
    records.some(({ rights }) => rights.delete)
  );
}

export interface Relation {
  form: Form;
  field: Field;
}

/** The references of other forms that lead to records of this one. */
export function relationsTo(catalog: Catalog, key: string): Relation[] {
  return catalog.forms
    .filter((form) => form.rights.read)
    .flatMap((form) =>
      form.fields
        .filter(({ definition }) =>
          definition['x-field'] === 'anyref'
            ? definition['x-refs']?.includes(key)
            : ['reference', 'references'].includes(definition['x-field']) && definition['x-ref'] === key,
        )
        .map((field) => ({ form, field })),
    );
}

interface Named {
  id: string;
  title?: string;
}

/** What a relation's field holds that names a record of a form. */
export function namingIn({ field }: Relation, form: string, record: Named): unknown {
  const kind = field.definition['x-field'];
  if (kind === 'anyref') return { ...record, form };
  return kind === 'references' ? [record] : record;
}

/** The same as a filter has it: an id, or a form and an id. */
export const namedIn = ({ field }: Relation, form: string, id: string): string =>
  field.definition['x-field'] === 'anyref' ? `${form}:${id}` : id;
