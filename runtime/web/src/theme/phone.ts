import { useSyncExternalStore } from 'react';

export const phoneQuery = '(max-width: 720px)';
const touchQuery = '(pointer: coarse)';

function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = window.matchMedia(query);
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    () => window.matchMedia(query).matches,
  );
}

/** Tells whether the page is as narrow as a phone's. */
export const usePhone = (): boolean => useMedia(phoneQuery);

/** Tells whether people point with a finger. */
export const useTouch = (): boolean => useMedia(touchQuery);
