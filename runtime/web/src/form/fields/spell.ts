// Lengths of time as people read and write them; on the wire they are seconds.
import i18next from 'i18next';
import type { Wire } from '../../api';

const units: [string, number][] = [
  ['h', 3600],
  ['m', 60],
  ['s', 1],
];

/** "1 小时 30 分"; what is no number of seconds stays as it is. */
export function writeSpell(value: Wire): string {
  if (value === null || value === undefined || value === '') return '';
  let left = Number(value);
  if (!Number.isInteger(left) || left < 0) return String(value);
  if (left === 0) return i18next.t('spell.m', { n: 0 });
  return units
    .flatMap(([name, size]) => {
      const n = Math.floor(left / size);
      left -= n * size;
      return n ? [i18next.t(`spell.${name}`, { n })] : [];
    })
    .join(' ');
}

const words =
  /^(?:(\d+(?:\.\d+)?)\s*(?:h|hr|hrs|hours?|小时|时)\s*)?(?:(\d+(?:\.\d+)?)\s*(?:m|mins?|minutes?|分钟|分)\s*)?(?:(\d+)\s*(?:s|secs?|seconds?|秒钟|秒))?$/;

/** Seconds; undefined for what cannot be read. A number alone is minutes: that is what people mean by it here. */
export function readSpell(typed: string): number | undefined {
  const text = typed.normalize('NFKC').trim().toLowerCase();
  const [, hours, minutes, seconds = '0'] = /^(\d{1,6}):([0-5]\d)(?::([0-5]\d))?$/.exec(text) ?? [];
  if (hours) return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  const alone = /^\d+(\.\d+)?$/.test(text) ? `${text}m` : text;
  const parts = words.exec(alone);
  if (!parts || !alone) return undefined;
  const total = Number(parts[1] ?? 0) * 3600 + Number(parts[2] ?? 0) * 60 + Number(parts[3] ?? 0);
  const whole = Math.round(total);
  return Math.abs(total - whole) < 1e-6 ? whole : undefined;
}
