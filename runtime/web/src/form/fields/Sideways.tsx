// What may be wider than its place and is then moved sideways: an edge behind which there is more has a shadow.
import { type HTMLAttributes, useEffect, useRef, useState } from 'react';

/** Places are not whole pixels on every screen. */
const slack = 1;

/** Behind which edges of an element there is more of it: "left", "right", both or "". */
function moreOf({ scrollLeft, scrollWidth, clientWidth }: HTMLElement): string {
  const left = scrollLeft > slack && 'left';
  const right = scrollWidth - clientWidth - scrollLeft > slack && 'right';
  return [left, right].filter(Boolean).join(' ');
}

/** The attributes are those of what is moved; its one child is what is wide. */
export function Sideways({ children, ...attributes }: HTMLAttributes<HTMLDivElement>) {
  const scroller = useRef<HTMLDivElement>(null);
  const [more, setMore] = useState('');
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = () => setMore(moreOf(element));
    // Either may change: the place with its window, and what is in it with its rows.
    const watch = new ResizeObserver(look);
    watch.observe(element);
    if (element.firstElementChild) watch.observe(element.firstElementChild);
    element.addEventListener('scroll', look, { passive: true });
    look();
    return () => {
      watch.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, []);
  return (
    <div className="sideways" data-more={more}>
      <div ref={scroller} className="rows-scroll" {...attributes}>
        {children}
      </div>
    </div>
  );
}
