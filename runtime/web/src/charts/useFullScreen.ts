// A page alone on the screen, without the menu: with the browser's own full screen where there is one.
import { useEffect, useState } from 'react';

export function useFullScreen(): { full: boolean; toggle: () => void } {
  const [full, setFull] = useState(false);

  useEffect(() => {
    if (!full) return;
    const { dataset } = document.documentElement;
    dataset.full = '';
    const onChange = () => !document.fullscreenElement && setFull(false);
    // The browser ends its own full screen at Escape; where it has none this does. An open panel closes first.
    const onKey = (event: KeyboardEvent) => {
      const isOpen = document.querySelector('.pop-panel, dialog[open]');
      if (event.key === 'Escape' && !document.fullscreenElement && !isOpen) setFull(false);
    };
    document.addEventListener('fullscreenchange', onChange);
    document.addEventListener('keydown', onKey, true);
    return () => {
      delete dataset.full;
      document.removeEventListener('fullscreenchange', onChange);
      document.removeEventListener('keydown', onKey, true);
      if (document.fullscreenElement) void document.exitFullscreen();
    };
  }, [full]);

  function toggle() {
    setFull((now) => !now);
    // Where it is refused, as within a frame, the page still fills its window.
    if (!full) document.documentElement.requestFullscreen?.().catch(() => undefined);
  }
  return { full, toggle };
}
