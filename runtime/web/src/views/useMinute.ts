// The minute that it is there, for what becomes overdue while it is looked at.
import { useEffect, useState } from 'react';
import { nowThere } from '../meta';

const minute = () => nowThere().format('YYYY-MM-DDTHH:mm:00');

/** A wall, see meta/zone; it goes on while the page is to be seen. */
export function useMinute(): string {
  const [now, setNow] = useState(minute);
  useEffect(() => {
    const tick = () => document.visibilityState === 'visible' && setNow(minute());
    const timer = window.setInterval(tick, 60_000);
    document.addEventListener('visibilitychange', tick);
    return () => {
      window.clearInterval(timer);
      document.removeEventListener('visibilitychange', tick);
    };
  }, []);
  return now;
}
