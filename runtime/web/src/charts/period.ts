// The stretch of time that a dashboard is about.
import dayjs from 'dayjs';
import { nowThere, type Span, spanOf } from '../meta';

export const periods = [
  'today',
  'thisWeek',
  'thisMonth',
  'lastMonth',
  'thisQuarter',
  'thisYear',
  'last30Days',
  'last12Months',
  'all',
] as const;
export type Period = (typeof periods)[number];

export const isPeriod = (text: string | undefined): text is Period => periods.includes(text as Period);

/** The first day and the day after the last; undefined for all time. */
export function stretchOf(period: Period, now = nowThere()): [string, string] | undefined {
  if (period === 'all') return undefined;
  const [from, until] =
    period === 'last12Months'
      ? [now.startOf('month').subtract(11, 'month'), now.startOf('day').add(1, 'day')]
      : spanOf(named[period] ?? (period as Span), now);
  return [from.format('YYYY-MM-DD'), until.format('YYYY-MM-DD')];
}

/**
 * The stretch before it, up to the day that today is within its own: the first day, the day after the last, and the last.
 * A month so far is held against as much of the last one. undefined for all time.
 */
export function stretchBefore(period: Period, now = nowThere()): [string, string, string] | undefined {
  const stretch = stretchOf(period, now);
  const step = steps[period];
  if (!stretch || !step) return undefined;
  const [from, until] = stretch.map((day) => dayjs(day)) as [dayjs.Dayjs, dayjs.Dayjs];
  const tomorrow = dayjs(now.format('YYYY-MM-DD')).add(1, 'day');
  const back = (day: dayjs.Dayjs) => day.subtract(...step);
  const end = until.isAfter(tomorrow) ? back(tomorrow.subtract(1, 'day')).add(1, 'day') : back(until);
  return [back(from), end, end.subtract(1, 'day')].map((day) => day.format('YYYY-MM-DD')) as [string, string, string];
}

const steps: Partial<Record<Period, [number, 'day' | 'month' | 'year']>> = {
  today: [1, 'day'],
  thisWeek: [7, 'day'],
  thisMonth: [1, 'month'],
  lastMonth: [1, 'month'],
  thisQuarter: [3, 'month'],
  thisYear: [1, 'year'],
  last30Days: [30, 'day'],
  last12Months: [12, 'month'],
};

const named: Partial<Record<Period, Span>> = { last30Days: 'last30' };

/** The stretch that a bucket's key stands for: "2026-03", "2026-Q1", "2026", "2026-03-09"; of a week its first day. */
export function bucketStretch(key: string, bucket?: string): [string, string] | undefined {
  const write = (from: dayjs.Dayjs, until: dayjs.Dayjs): [string, string] => [
    from.format('YYYY-MM-DD'),
    until.format('YYYY-MM-DD'),
  ];
  const quarter = /^(\d{4})-?Q(\d)$/.exec(key);
  if (quarter) {
    const from = dayjs(`${quarter[1]}-01-01`).add((Number(quarter[2]) - 1) * 3, 'month');
    return write(from, from.add(3, 'month'));
  }
  if (bucket === 'week') return write(dayjs(key), dayjs(key).add(7, 'day'));
  const unit = { 4: 'year', 7: 'month', 10: 'day' }[key.length] as 'year' | 'month' | 'day' | undefined;
  const from = dayjs(key.length === 4 ? `${key}-01-01` : key.length === 7 ? `${key}-01` : key);
  return unit && from.isValid() ? write(from, from.add(1, unit)) : undefined;
}
