// Which sheet has the rows of a table field, and which of its columns become what.
import type { FileLook, ImportColumn, ImportTable } from '../api';
import { type Catalog, type Field, type Form, rowFields, textOf } from '../meta';
import { namedBy, unsaid } from './plan';

/** The table fields whose rows somebody may write. */
export const tablesOf = (form: Form): Field[] =>
  form.fields.filter((field) => field.definition['x-field'] === 'table' && !field.readOnly && !field.computed);

/** The columns of a table field that a cell can fill. */
export const rowTargetsOf = (table: Field): Field[] =>
  rowFields(table.definition).filter(
    ({ definition, computed }) => !computed && !definition.readOnly && !unsaid.has(definition['x-field']),
  );

/** A name as it is compared: without the mark of what must be filled. */
const plain = (name: string) =>
  name
    .replace(/\s*\*$/, '')
    .trim()
    .toLowerCase();

/** The rows of a table as a sheet has them: joined by the first column that the records have too. */
export function rowsFrom(catalog: Catalog, table: Field, main: FileLook, rows: FileLook): ImportTable {
  const names = rows.columns.map((column) => column.name);
  const join = names.find((name) => main.columns.some((column) => column.name === name)) ?? '';
  const columns = rowTargetsOf(table).flatMap(({ key: field, definition: def }): ImportColumn[] => {
    const labels = [field, ...Object.keys(def['x-label'] ?? {}).map((locale) => textOf(def['x-label'], locale))];
    const column = names.find((name) => name !== join && labels.some((label) => plain(label) === plain(name)));
    const by = namedBy(catalog, def);
    return column ? [{ column, field, ...(by ? { by } : {}) }] : [];
  });
  return { field: table.key, ...(rows.sheet ? { sheet: rows.sheet } : {}), join, columns };
}

/** The rows with another field for one of their columns; the field is taken from whichever column had it. */
export function rowMapped(table: ImportTable, column: string, field: string, by?: string): ImportTable {
  const rest = table.columns.filter((one) => one.column !== column && one.field !== field);
  const columns = field ? [...rest, { column, field, ...(by ? { by } : {}) }] : rest;
  return { ...table, columns, key: columns.some((one) => one.field === table.key) ? table.key : undefined };
}
