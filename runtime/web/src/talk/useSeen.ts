// Brings what somebody comes for into sight, and keeps it there while what stands above it comes in, until they move.
import { type RefObject, useEffect } from 'react';

const moves = ['wheel', 'touchstart', 'pointerdown', 'keydown'] as const;

export function useSeen(what: RefObject<HTMLElement | null>, wanted: boolean | undefined) {
  useEffect(() => {
    const element = what.current;
    if (!wanted || !element) return;
    element.focus({ preventScroll: true });
    // No further than its own place is moved: to be centred would move the whole page as well.
    const show = () => element.scrollIntoView({ block: 'nearest' });
    const watch = new ResizeObserver(show);
    for (let above = element.parentElement; above && above !== document.body; above = above.parentElement) {
      watch.observe(above);
    }
    const stop = () => watch.disconnect();
    for (const move of moves) window.addEventListener(move, stop, { once: true, passive: true });
    show();
    return () => {
      stop();
      for (const move of moves) window.removeEventListener(move, stop);
    };
  }, [what, wanted]);
}
