// Numbers, money and times as people of a locale read them. Exact numbers stay text: no float touches them.
import { nowThere, wallOf, wallTime } from './zone';

/** Groups the digits of decimal text: "1234567.50" → "1,234,567.50". */
export function grouped(text: string): string {
  const [, sign = '', whole = '', rest = ''] = /^(-?)(\d+)(\.\d+)?$/.exec(text) ?? [];
  return whole ? sign + whole.replace(/\B(?=(\d{3})+$)/g, ',') + rest : text;
}

const symbols: Record<string, string> = { CNY: '¥', USD: '$', EUR: '€', GBP: '£', JPY: '¥', HKD: 'HK$' };
export const symbolOf = (currency: string | undefined) => symbols[currency ?? 'CNY'] ?? `${currency} `;

export function money(value: unknown, currency?: string): string {
  const text = grouped(String(value));
  return text.startsWith('-') ? `-${symbolOf(currency)}${text.slice(1)}` : symbolOf(currency) + text;
}

/** A number for cards and charts: 万 and 亿 in Chinese, K, M and B elsewhere. At most three figures and a unit. */
export function short(value: number, locale: string): string {
  const units: [number, string][] = locale.startsWith('zh')
    ? [
        [1e8, '亿'],
        [1e4, '万'],
      ]
    : [
        [1e9, 'B'],
        [1e6, 'M'],
        [1e3, 'K'],
      ];
  const size = Math.abs(value);
  const [unit, name] = units.find(([unit]) => size >= unit) ?? [1, ''];
  const scaled = value / unit;
  const digits = Math.abs(scaled) >= 100 || name === '' ? 0 : 1;
  const text = name === '' && !Number.isInteger(value) ? scaled.toFixed(2) : scaled.toFixed(digits);
  return grouped(text.replace(/\.0$/, '')) + name;
}

export const day = (value: unknown) => (typeof value === 'string' ? value.slice(0, 10) : '');

export function minute(value: unknown): string {
  return wallOf(String(value)).slice(0, 16).replace('T', ' ');
}

/** "3 minutes ago" near by, the date further away. */
export function ago(value: string, locale: string, now = nowThere()): string {
  const at = wallTime(wallOf(value));
  const minutes = now.diff(at, 'minute');
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  if (minutes < 60) return relative.format(-minutes, 'minute');
  if (minutes < 24 * 60) return relative.format(-Math.floor(minutes / 60), 'hour');
  if (minutes < 7 * 24 * 60) return relative.format(-Math.floor(minutes / 60 / 24), 'day');
  return at.format(at.year() === now.year() ? 'MM-DD HH:mm' : 'YYYY-MM-DD');
}

/** Adds exact decimal texts: ["1.50", "2"] → "3.50". What is no number is left out. */
export function sum(values: unknown[]): string {
  const texts = values.map((value) => String(value ?? '')).filter((text) => /^-?\d+(\.\d+)?$/.test(text));
  const scale = Math.max(0, ...texts.map((text) => text.split('.')[1]?.length ?? 0));
  const total = texts.reduce((all, text) => {
    const [whole = '0', part = ''] = text.replace('-', '').split('.');
    const units = BigInt(whole + part.padEnd(scale, '0'));
    return text.startsWith('-') ? all - units : all + units;
  }, 0n);
  const size = (total < 0n ? -total : total).toString().padStart(scale + 1, '0');
  const cut = size.length - scale;
  return (total < 0n ? '-' : '') + size.slice(0, cut) + (scale ? `.${size.slice(cut)}` : '');
}
