// Days, and what falls on them.
import type { RecordView, Wire } from '../api';
import type { Field, Form, View } from '../meta';
import { instantOf, nowThere, wallOf, wallTime } from '../meta';

export type Span = 'month' | 'week';
const kinds = ['date', 'datetime', 'daterange'];

/** The field by which a calendar lays records out: the view's, else the first that tells a day. */
export function dateField(form: Form, view: View | undefined): Field | undefined {
  const isDay = (field: Field) => kinds.includes(field.definition['x-field']);
  return form.fields.find((field) => field.key === view?.group && isDay(field)) ?? form.fields.find(isDay);
}

export const today = (): string => nowThere().format('YYYY-MM-DD');
const plus = (day: string, count: number, unit: 'day' | 'month' = 'day') =>
  wallTime(day).add(count, unit).format('YYYY-MM-DD');

/** Monday of the week of a day. */
const monday = (day: string) => plus(day, -((wallTime(day).day() + 6) % 7));

/** The days that are shown around one: its week, or whole weeks of its month. */
export function daysOf(at: string, span: Span): string[] {
  const first = monday(span === 'week' ? at : `${at.slice(0, 7)}-01`);
  const last = span === 'week' ? first : monday(plus(plus(`${at.slice(0, 7)}-01`, 1, 'month'), -1));
  const count = wallTime(last).diff(wallTime(first), 'day') + 7;
  return Array.from({ length: count }, (_, index) => plus(first, index));
}

/** The same place a month or a week on, or back. */
export const turned = (at: string, span: Span, by: 1 | -1) =>
  span === 'week' ? plus(at, 7 * by) : plus(`${at.slice(0, 7)}-01`, by, 'month');

/** What finds the records of these days, as a filter of the server. */
export function withinFilter(field: Field, days: string[], filter: string | undefined): string {
  const [first = '', last = first] = [days[0], days.at(-1)];
  const kind = field.definition['x-field'];
  const at = (day: string) => (kind === 'datetime' ? instantOf(`${day}T00:00:00`) : day);
  const within =
    kind === 'daterange'
      ? [{ field: field.key, op: 'overlaps', value: { start: first, end: last } }]
      : [
          { field: field.key, op: 'gte', value: at(first) },
          { field: field.key, op: 'lt', value: at(plus(last, 1)) },
        ];
  return JSON.stringify({ and: [...within, ...(filter ? [JSON.parse(filter) as unknown] : [])] });
}

/** The days on which a value falls: one, or all of a range. */
export function daysWith(field: Field, value: Wire): string[] {
  if (value === null || value === undefined || value === '') return [];
  const kind = field.definition['x-field'];
  if (kind === 'datetime') return [wallOf(String(value)).slice(0, 10)];
  if (kind === 'date') return [String(value).slice(0, 10)];
  const { start, end } = value as { start?: string; end?: string };
  if (!start) return [];
  const count = Math.min(366, Math.max(0, wallTime(end ?? start).diff(wallTime(start), 'day')));
  return Array.from({ length: count + 1 }, (_, index) => plus(start, index));
}

/** The value when it is moved from one day to another: a time keeps its hour, a range its length. */
export function movedTo(field: Field, value: Wire, from: string, to: string): Wire {
  const kind = field.definition['x-field'];
  if (kind === 'date') return to;
  const by = wallTime(to).diff(wallTime(from), 'day');
  if (kind === 'datetime') {
    const wall = wallOf(String(value));
    return instantOf(`${plus(wall.slice(0, 10), by)}T${wall.slice(11)}`);
  }
  const { start = from, end } = value as { start?: string; end?: string };
  return { start: plus(start, by), ...(end ? { end: plus(end, by) } : {}) };
}

/** Records by the days that are shown, each in the order of its time. */
export function laidOut(field: Field, records: RecordView[], days: string[]): Map<string, RecordView[]> {
  const out = new Map<string, RecordView[]>(days.map((day) => [day, []]));
  const sorted = [...records].sort((a, b) => timeIn(field, a).localeCompare(timeIn(field, b)));
  for (const record of sorted) {
    for (const day of daysWith(field, record.values[field.key])) out.get(day)?.push(record);
  }
  return out;
}

/** "09:30" where the value has a time, else "". */
export const timeIn = (field: Field, record: RecordView): string =>
  field.definition['x-field'] === 'datetime' ? wallOf(String(record.values[field.key])).slice(11, 16) : '';

export const shifted = plus;
