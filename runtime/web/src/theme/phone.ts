import { useSyncExternalStore } from 'react';

export const phoneQuery = '(max-width: 720px)';

/** Tells whether the page is as narrow as a phone's. */
export function usePhone(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = window.matchMedia(phoneQuery);
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    () => window.matchMedia(phoneQuery).matches,
  );
}
