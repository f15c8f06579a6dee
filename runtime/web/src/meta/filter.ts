// Filters as people build them: a tree that the URL keeps and the server gets. Relative values (me, this month)
// stay relative in the URL and become exact when asked.
import type dayjs from 'dayjs';
import type { Label } from './metadata.gen';
import { instantOf, nowThere } from './zone';

export type Op =
  | 'eq'
  | 'ne'
  | 'in'
  | 'nin'
  | 'lt'
  | 'lte'
  | 'gt'
  | 'gte'
  | 'prefix'
  | 'contains'
  | 'empty'
  | 'notEmpty'
  | 'hasAll'
  | 'overlaps'
  | 'covers'
  | 'within'
  | 'during';

export interface Condition {
  field: string;
  op: Op;
  value?: unknown;
}

export interface Group {
  join: 'and' | 'or';
  items: Node[];
}

/** A condition in the words of whoever defined it, such as what a figure counts, and what they call it. */
export interface Stated {
  expr: string;
  label: Label;
}

export type Node = Condition | Group | Stated;

export const isGroup = (node: Node): node is Group => 'items' in node;
export const isStated = (node: Node): node is Stated => 'expr' in node;

export const emptyFilter: Group = { join: 'and', items: [] };

/** Spans of days that move with the calendar. */
export const spans = [
  'today',
  'yesterday',
  'thisWeek',
  'lastWeek',
  'thisMonth',
  'lastMonth',
  'thisQuarter',
  'thisYear',
  'next7',
  'next30',
  'last7',
  'last30',
] as const;
export type Span = (typeof spans)[number];

export const me = '@me';

/** The conditions in a tree that are complete: a half-built one asks nothing. */
export function complete(node: Node): Node | undefined {
  if (isStated(node)) return node;
  if (!isGroup(node)) {
    const filled = Array.isArray(node.value) ? node.value.length > 0 : node.value !== undefined && node.value !== '';
    return node.op === 'empty' || node.op === 'notEmpty' || filled ? node : undefined;
  }
  const items = node.items.map(complete).filter((item) => item !== undefined);
  return items.length ? { ...node, items } : undefined;
}

export function countOf(node: Node): number {
  return isGroup(node) ? node.items.reduce((sum, item) => sum + countOf(item), 0) : 1;
}

export interface Reader {
  id: string;
  /** Kinds whose values are instants and not days. */
  isInstant: (field: string) => boolean;
}

/** What the server gets for a filter; undefined for none. */
export function toWire(filter: Group | undefined, reader: Reader): unknown {
  const whole = filter && complete(filter);
  return whole ? wireOf(whole, reader) : undefined;
}

function wireOf(node: Node, reader: Reader): unknown {
  if (isGroup(node)) {
    return { [node.join]: node.items.map((item) => wireOf(item, reader)) };
  }
  if (isStated(node)) return { expr: node.expr };
  if (node.op === 'during') {
    return during(node.field, node.value as Span, reader);
  }
  if (node.op === 'empty' || node.op === 'notEmpty') {
    return { field: node.field, op: node.op };
  }
  const value = Array.isArray(node.value) ? node.value.map((v) => exact(v, reader)) : exact(node.value, reader);
  return { field: node.field, op: node.op, value };
}

function exact(value: unknown, reader: Reader): unknown {
  if (value === me) return reader.id;
  return typeof value === 'object' && value !== null && 'id' in value ? value.id : value;
}

function during(field: string, span: Span, reader: Reader): unknown {
  const [from, until] = spanOf(span);
  const write = (day: dayjs.Dayjs) =>
    reader.isInstant(field) ? instantOf(day.format('YYYY-MM-DDTHH:mm:ss')) : day.format('YYYY-MM-DD');
  return {
    and: [
      { field, op: 'gte', value: write(from) },
      { field, op: 'lt', value: write(until) },
    ],
  };
}

/** The first day of a span and the day after its last. */
export function spanOf(span: Span, now = nowThere()): [dayjs.Dayjs, dayjs.Dayjs] {
  const day = now.startOf('day');
  const monday = day.subtract((day.day() + 6) % 7, 'day');
  const month = day.startOf('month');
  const quarter = month.subtract(month.month() % 3, 'month');
  switch (span) {
    case 'today':
      return [day, day.add(1, 'day')];
    case 'yesterday':
      return [day.subtract(1, 'day'), day];
    case 'thisWeek':
      return [monday, monday.add(7, 'day')];
    case 'lastWeek':
      return [monday.subtract(7, 'day'), monday];
    case 'thisMonth':
      return [month, month.add(1, 'month')];
    case 'lastMonth':
      return [month.subtract(1, 'month'), month];
    case 'thisQuarter':
      return [quarter, quarter.add(3, 'month')];
    case 'thisYear':
      return [day.startOf('year'), day.startOf('year').add(1, 'year')];
    case 'next7':
      return [day, day.add(8, 'day')];
    case 'next30':
      return [day, day.add(31, 'day')];
    case 'last7':
      return [day.subtract(6, 'day'), day.add(1, 'day')];
    case 'last30':
      return [day.subtract(29, 'day'), day.add(1, 'day')];
  }
}

/** Reads what a URL holds; what is no filter is none. */
export function parseFilter(text: string | undefined): Group | undefined {
  if (!text) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    return isNode(parsed) && isGroup(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isNode(value: unknown): value is Node {
  if (typeof value !== 'object' || value === null) return false;
  if ('items' in value) {
    const { join, items } = value as Group;
    return (join === 'and' || join === 'or') && Array.isArray(items) && items.every(isNode);
  }
  if ('expr' in value) {
    const { expr, label } = value as Stated;
    return typeof expr === 'string' && typeof label === 'object' && label !== null;
  }
  return typeof (value as Condition).field === 'string' && typeof (value as Condition).op === 'string';
}
