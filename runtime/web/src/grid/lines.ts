// What stands in the rows of a grid: records, and where they stand together the heads of their groups.
import type { RecordView, Wire } from '../api';
import type { Column } from './columns';

/** The head of a group: its value, how many records it has, and what they come to by column. */
export interface GroupHead {
  id: string;
  value: Wire;
  text: string;
  count: string;
  sums: Record<string, string>;
  open: boolean;
}

export type Line =
  | { kind: 'record'; key: string; record: RecordView }
  | { kind: 'group'; key: string; group: GroupHead }
  /** The end of an open group of which there is more, or something went wrong. */
  | { kind: 'more'; key: string; group: string; fault?: string };

export const linesOf = (records: RecordView[]): Line[] =>
  records.map((record) => ({ kind: 'record', key: record.id, record }));

export interface Grouping {
  lines: Line[];
  /** The field by which they stand together, as a column. */
  by: Column;
  onToggle: (group: string) => void;
  /** More records of a group are wanted, or once more where that failed. */
  onMore: (group: string) => void;
}

/** How wide the boxes that select rows stand, px. */
export const checkWidth = 38;

/** Where the pinned columns stand. */
export function pinsOf(sizes: number[], pinned: number): Record<string, string> {
  let left = checkWidth;
  const pins: Record<string, string> = {};
  sizes.slice(0, pinned).forEach((size, index) => {
    pins[`--pin-${index}`] = `${left}px`;
    left += size;
  });
  return pins;
}

/** How a cell says that it stays at the left. */
export const pinOf = (column: number, pinned: number) =>
  column < pinned ? { 'data-pin': column === pinned - 1 ? 'last' : '', style: { left: `var(--pin-${column})` } } : {};
