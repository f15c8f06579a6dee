// Whoever goes by Tab sees where they are: browsers leave what is seen in part as it stands, at the end of a strip
// that is scrolled sideways a few pixels of it.
import { useEffect } from 'react';

function show({ target }: FocusEvent) {
  if (target instanceof Element && target.matches(':focus-visible')) {
    target.scrollIntoView?.({ block: 'nearest', inline: 'nearest' });
  }
}

export function useSeenFocus() {
  useEffect(() => {
    document.addEventListener('focusin', show);
    return () => document.removeEventListener('focusin', show);
  }, []);
}
