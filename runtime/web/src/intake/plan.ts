// Which column of a table becomes which field.
import type { FileLook, ImportColumn, ImportRequest, ImportTable } from '../api';
import { type Catalog, type Field, type FieldDef, type Form, formOf } from '../meta';

/** Kinds whose values no cell can say. */
export const unsaid = new Set(['table', 'attachment', 'image', 'signature']);

/** The fields that a column may become. */
export const targetsOf = (form: Form): Field[] =>
  form.fields.filter((field) => !field.readOnly && !field.computed && !unsaid.has(field.definition['x-field']));

/** The fields by which rows may find the records that they change: the id, or what is unique. */
export const keysOf = (form: Form): Field[] => form.fields.filter((field) => field.definition['x-unique']);

/** What the look has guessed, by column. */
export function guessesOf(look: FileLook): Record<string, ImportColumn> {
  const guesses: Record<string, ImportColumn> = {};
  for (const column of look.columns) if (column.guess) guesses[column.name] = column.guess;
  return guesses;
}

/** The columns with another field for one of them; the field is taken from whichever column had it. */
export function mapped(
  columns: Record<string, ImportColumn>,
  look: FileLook,
  name: string,
  field: string,
  by?: string,
): Record<string, ImportColumn> {
  const next = Object.fromEntries(Object.entries(columns).filter(([key, one]) => key !== name && one.field !== field));
  if (!field) return next;
  const guess = look.columns.find((column) => column.name === name)?.guess;
  return { ...next, [name]: guess?.field === field ? guess : columnOf(name, field, by) };
}

const columnOf = (column: string, field: string, by?: string): ImportColumn => ({
  column,
  field,
  ...(by ? { by } : {}),
});

/** Which of the columns in the records' own sheet rows of a table take, by the field of that table. */
export function tableOfColumns(look: FileLook, tables: ImportTable[]): Map<string, string> {
  const here = tables.filter((one) => (one.sheet ?? look.sheet ?? '') === (look.sheet ?? ''));
  return new Map(here.flatMap((one) => one.columns.map(({ column = '' }) => [column, one.field] as const)));
}

/** What cells call the records that a field refers to, where nobody has guessed: their titles. */
export const namedBy = (catalog: Catalog, def: FieldDef | undefined): string | undefined =>
  def?.['x-field'] === 'reference' || def?.['x-field'] === 'references'
    ? formOf(catalog, def['x-ref'] ?? '')?.title
    : undefined;

/** How the look would do it, as far as the reader may. */
export function settingsOf(form: Form, look: FileLook): Settings {
  const { mode, key } = look.request.plan;
  const known = keysOf(form).some((field) => field.key === key?.[0]);
  if (!form.rights.create)
    return { mode: 'update', key: (known && key?.[0]) || (keysOf(form)[0]?.key ?? ''), clear: false, pool: '' };
  const changes = known && form.rights.update && mode ? mode : 'create';
  return { mode: changes, key: (known && key?.[0]) || '', clear: false, pool: '' };
}

export interface Settings {
  mode: 'create' | 'update' | 'upsert';
  key: string;
  clear: boolean;
  /** Where new records are at home; "" leaves it to the pools' conditions. */
  pool: string;
}

export function requestOf(
  look: FileLook,
  columns: Record<string, ImportColumn>,
  tables: ImportTable[],
  { mode, key, clear, pool }: Settings,
  dryRun: boolean,
): ImportRequest {
  const { key: _guessed, tables: _suggested, ...guess } = look.request.plan;
  const plan = {
    ...guess,
    mode,
    columns: Object.values(columns),
    ...(tables.length ? { tables } : {}),
    ...(mode === 'create' ? {} : { key: [key], ...(clear ? { clear } : {}) }),
    ...(mode !== 'update' && pool ? { pool } : {}),
  };
  return { ...look.request, plan, dryRun, report: 'xlsx' };
}

/** What keeps the plan from being tried: required fields without a column, or no field to find records or rows by. */
export function gapsOf(
  form: Form,
  columns: Record<string, ImportColumn>,
  tables: ImportTable[],
  { mode, key }: Settings,
): string[] {
  const fields = new Set([
    ...Object.values(columns).map((one) => one.field.split('.')[0]),
    ...tables.map((one) => one.field),
  ]);
  if (tables.some((one) => !one.join || !one.columns.length || (mode !== 'create' && !one.key))) return ['table'];
  if (mode !== 'create') return key && fields.has(key) ? [] : ['key'];
  return (form.required ?? []).filter(
    (name) =>
      targetsOf(form).some((field) => field.key === name && !field.definition['x-default']) && !fields.has(name),
  );
}
