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

/** The value that a cell says for a field; undefined where it says none that the field can have. */
export type CellReader = (field: Field, text: string) => Wire | undefined;

export interface Pasted {
  rows: Row[];
  /** Cells that say nothing that their field can have, and are left out. */
  unread: string[];
  /** Rows for which there is no room. */
  over: number;
}

export interface Place {
  row: number;
  column: number;
}

/** The cells from a place on, to the right and downwards, with the fields that they are for. */
export function under(fields: Field[], { column }: Place, line: string[]): [Field, string][] {
  return line.flatMap((text, right): [Field, string][] => {
    const field = fields[column + right];
    return field && !field.computed && !field.readOnly ? [[field, text]] : [];
  });
}

/** Writes copied cells from a place on, with new rows where there are too few, up to most. */
export function paste(
  rows: Row[],
  fields: Field[],
  at: Place,
  cells: string[][],
  read: CellReader,
  most = Number.POSITIVE_INFINITY,
): Pasted {
  const next = [...standing(rows)];
  const unread: string[] = [];
  const fitting = cells.slice(0, Math.max(0, most - at.row));
  fitting.forEach((line, down) => {
    const row = { ...(next[at.row + down] ?? newRow()) };
    for (const [field, text] of under(fields, at, line)) {
      const value = text.trim() === '' ? null : read(field, text);
      if (value === undefined) unread.push(text.trim());
      else row[field.key] = value;
    }
    next[at.row + down] = row;
  });
  return { rows: [...next, ...rows.filter((row) => row._delete)], unread, over: cells.length - fitting.length };
}
