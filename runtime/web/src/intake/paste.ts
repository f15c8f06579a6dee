// Cells that were copied from a spreadsheet, on their way onto the records of a list. What they mean and whether they
// may be, the server says: they go there as a small table whose rows name their records.
import type { FileLook, ImportRequest, RecordView } from '../api';
import type { Column } from '../grid/columns';

/** Kinds whose values no cell can say. */
const unsaid = new Set(['table', 'attachment', 'image', 'signature']);

export interface Target {
  /** What lies under the pasted cells, downwards. */
  records: RecordView[];
  /** The columns that the cells go into, with their place among the cells. */
  columns: { column: Column; place: number }[];
  /** Columns under the cells that nobody writes. */
  fixed: Column[];
  cells: string[][];
  /** Rows of cells below the last record. */
  below: number;
}

interface Place {
  record: RecordView;
  column: Column;
}

/**
 * Where cells go: from a place on to the right and downwards; where the place is among selected records, onto those,
 * and a single row of cells onto each of them.
 */
export function targetOf(
  cells: string[][],
  at: Place,
  columns: Column[],
  records: RecordView[],
  selected: Set<string>,
): Target {
  const chosen = selected.has(at.record.id) && selected.size > 1;
  const under = chosen
    ? records.filter((record) => selected.has(record.id))
    : records.slice(records.findIndex((record) => record.id === at.record.id));
  const fills = chosen && cells.length === 1;
  const rows = fills ? under.map(() => cells[0] ?? []) : cells.slice(0, under.length);
  const width = Math.max(0, ...cells.map((line) => line.length));
  const first = columns.findIndex((column) => column.key === at.column.key);
  const across = columns.slice(first, first + width).map((column, place) => ({ column, place }));
  return {
    records: under.slice(0, rows.length),
    columns: across.filter(({ column }) => canWrite(column)),
    fixed: across.filter(({ column }) => !canWrite(column)).map(({ column }) => column),
    cells: rows,
    below: fills ? 0 : cells.length - rows.length,
  };
}

const canWrite = ({ field, def }: Column) => !field.readOnly && !field.computed && !unsaid.has(def['x-field']);

const idColumn = 'id';
const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

/** The table as a file: the records' ids, then the fields' keys as names of the columns. */
export function fileOf({ records, columns, cells }: Target): File {
  const head = [idColumn, ...columns.map(({ column }) => column.key)];
  const lines = records.map((record, row) => [record.id, ...columns.map(({ place }) => cells[row]?.[place] ?? '')]);
  const text = [head, ...lines].map((line) => line.map(quoted).join(',')).join('\r\n');
  return new File([text], 'paste.csv', { type: 'text/csv' });
}

/** How the file is read: as it was written, whatever it looks like. */
export const reading = { encoding: 'utf-8', delimiter: ',', header: 1 } as const;

/** The import of the file, with what the look has found out about how its cells are meant. An empty cell empties. */
export function requestOf({ columns }: Target, look: FileLook, file: string, dryRun: boolean): ImportRequest {
  const meant = columns.map(({ column: { key } }) => {
    const guess = look.columns.find((one) => one.name === key)?.guess;
    return guess?.field === key ? guess : { column: key, field: key };
  });
  return {
    file,
    ...reading,
    dryRun,
    plan: { mode: 'update', key: [idColumn], clear: true, columns: [{ column: idColumn, field: idColumn }, ...meant] },
  };
}
