// The hours of the tenant: times are shown and typed in its zone, wherever the browser is. What people see and type is
// a "wall": the day and time on a clock there, "2026-03-09T14:05:00", without a zone.
import dayjs from 'dayjs';
import timezone from 'dayjs/plugin/timezone';
import utc from 'dayjs/plugin/utc';

dayjs.extend(utc);
dayjs.extend(timezone);

interface Hours {
  zone: string;
  clock: Intl.DateTimeFormat;
}

// Swedish writes days and times as ISO 8601 does.
const hoursOf = (zone: string): Hours => ({
  zone,
  clock: new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }),
});

const store = { hours: hoursOf('UTC') };

/** Reads and writes times in this zone from here on, an IANA name. */
export function keepTime(zone: string): void {
  if (zone === store.hours.zone) return;
  store.hours = hoursOf(zone);
  // For the pickers, whose "now" this is.
  dayjs.tz.setDefault(zone);
}

/** What a clock there shows at an instant, "" for what is no instant. */
export function wallOf(instant: string | number | Date): string {
  const at = new Date(instant);
  return Number.isNaN(at.getTime()) ? '' : store.hours.clock.format(at).replace(' ', 'T');
}

/** The instant, RFC 3339 in UTC, at which a clock there shows this. */
export const instantOf = (wall: string): string => dayjs.tz(wall, store.hours.zone).toISOString();

/** A wall to reckon with: days and hours are counted as on a calendar, without the gaps of any zone. */
export const wallTime = (wall: string): dayjs.Dayjs => dayjs.utc(wall);

/** Today and now there, to reckon with. */
export const nowThere = (): dayjs.Dayjs => wallTime(wallOf(new Date()));
