// What a record that goes with another begins with: the other, and what both name alike.
import type { RecordView, Values, Wire } from '../api';
import { type Field, type FieldDef, type Form, fieldOf, namingIn, type Relation, rowFields } from '../meta';
import { newRow, rowsOf, standing } from './fields/rows';
import { isEmpty } from './fields/ui';

const references = new Set(['reference', 'references']);

const isTyped = (field: Field) => !field.computed && !field.readOnly;

const isAlike = (one: FieldDef, other: FieldDef) =>
  one['x-field'] === other['x-field'] && one['x-ref'] === other['x-ref'];

/** The rows of a table with the columns that both tables have. */
function rowsLike(value: unknown, from: FieldDef, to: FieldDef) {
  const columns = rowFields(to).filter(
    (column) =>
      isTyped(column) &&
      rowFields(from).some((other) => other.key === column.key && isAlike(other.definition, column.definition)),
  );
  if (!columns.length) return [];
  return standing(rowsOf(value)).map((row) => {
    const cells = columns.map(({ key }) => [key, row[key]] as const).filter(([, cell]) => !isEmpty(cell));
    return { ...newRow(), ...Object.fromEntries(cells) };
  });
}

/**
 * The first values of what is made for a record: references to the same, and rows of a table of the same name, come
 * over, so that nobody says twice what the record says already.
 */
export function beginningOf(relation: Relation, from: Form, record: RecordView, title: string): Values {
  const { form, field } = relation;
  const begin: Values = { [field.key]: namingIn(relation, from.key, { id: record.id, title }) as Wire };
  for (const one of form.fields) {
    const other = fieldOf(from, one.key);
    const value = record.values[one.key];
    if (one.key === field.key || !other || other.masked || !isTyped(one) || isEmpty(value)) continue;
    const kind = one.definition['x-field'];
    if (references.has(kind) && isAlike(one.definition, other.definition)) begin[one.key] = value;
    if (kind === 'table' && other.definition['x-field'] === 'table') {
      const rows = rowsLike(value, other.definition, one.definition);
      if (rows.length) begin[one.key] = rows as Values[string];
    }
  }
  return begin;
}
