// What happens to the rows of a table field while people edit them.
import type { Values, Wire } from '../../api';
import { type Field, type FieldDef, sum } from '../../meta';
import { isEmpty } from './ui';

/** A row being edited: id is the server's, key the browser's own for a row that the server has not seen. */
export type Row = Values & { id?: string; _key?: string; _delete?: boolean };

export const rowsOf = (value: Wire): Row[] => (Array.isArray(value) ? (value as Row[]) : []);
export const keyOf = (row: Row, index: number) => row.id ?? row._key ?? String(index);
export const standing = (rows: Row[]) => rows.filter((row) => !row._delete);

let count = 0;
export const newRow = (values: Values = {}): Row => ({ ...values, _key: `new${++count}` });

export const changeCell = (rows: Row[], key: string, field: string, value: Wire): Row[] =>
  rows.map((row, index) => (keyOf(row, index) === key ? { ...row, [field]: value } : row));

/** A row that the server knows is marked, so that the server removes it too; a new one just goes. */
export const removeRow = (rows: Row[], key: string): Row[] =>
  rows.flatMap((row, index) => (keyOf(row, index) !== key ? [row] : row.id ? [{ ...row, _delete: true }] : []));

export function moveRow(rows: Row[], from: number, to: number): Row[] {
  const shown = standing(rows);
  const moved = shown[from];
  if (!moved || to < 0 || to >= shown.length) return rows;
  const rest = shown.filter((row) => row !== moved);
  rest.splice(to, 0, moved);
  return [...rest, ...rows.filter((row) => row._delete)];
}

/** Rows as they are sent: no keys of the browser, no empty new rows. */
export function rowsToSend(value: Wire): Wire {
  return rowsOf(value)
    .filter((row) => row.id || Object.entries(row).some(([name, cell]) => name !== '_key' && !isEmpty(cell)))
    .map(({ _key, ...row }) => row);
}

const summed = new Set(['currency', 'number', 'formula']);

/** The columns with a total: amounts, and numbers that are worked out. */
export function totalsOf(fields: Field[], rows: Row[], valuesOf: (def: FieldDef) => FieldDef): Map<string, string> {
  const totals = new Map<string, string>();
  for (const { key, definition, computed } of fields) {
    const def = valuesOf(definition);
    const kind = def['x-field'];
    if (kind === 'currency' ? computed : summed.has(kind) && computed) {
      totals.set(key, sum(standing(rows).map((row) => row[key])));
    }
  }
  return totals;
}

/** Cells copied from a spreadsheet: a cell with a break or a tab within stands in quotes, and its own are doubled. */
export function cellsOf(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, cell = '', end] of text
    .replace(/\r\n?/g, '\n')
    .matchAll(/("(?:[^"]|"")*"(?=[\t\n]|$)|[^\t\n]*)([\t\n]|$)/g)) {
    rows.at(-1)?.push(/^"[\s\S]*"$/.test(cell) ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end === '\n') rows.push([]);
    if (!end) break;
  }
  const last = rows.at(-1);
  return rows.length > 1 && last?.length === 1 && last[0] === '' ? rows.slice(0, -1) : rows;
}

const pastable = new Set(['text', 'multiline', 'number', 'currency', 'percent', 'date', 'phone', 'email', 'url']);

/** Writes copied cells from a place on, to the right and downwards, with new rows where there are too few. */
export function paste(rows: Row[], fields: Field[], at: { row: number; column: number }, cells: string[][]): Row[] {
  const next = [...standing(rows)];
  cells.forEach((line, down) => {
    const index = at.row + down;
    const row = { ...(next[index] ?? newRow()) };
    line.forEach((text, right) => {
      const field = fields[at.column + right];
      if (field && !field.computed && pastable.has(field.definition['x-field'])) {
        row[field.key] = clean(field.definition, text);
      }
    });
    next[index] = row;
  });
  return [...next, ...rows.filter((row) => row._delete)];
}

function clean(def: FieldDef, text: string): Wire {
  const numeric = ['number', 'currency', 'percent'].includes(def['x-field']);
  const cut = numeric ? text.replace(/[,，\s¥$%]/g, '') : text.trim();
  return cut === '' ? null : cut;
}
