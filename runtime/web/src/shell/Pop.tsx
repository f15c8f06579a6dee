// A button that opens a panel beside it. Escape and a click elsewhere close it; the focus goes back to the button.
import {
  type KeyboardEvent as KeyPress,
  type ReactNode,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';

interface Props {
  button: ReactNode;
  label: string;
  className?: string;
  children: (close: () => void) => ReactNode;
  /** Marks the button as having something set. */
  on?: boolean;
}

const gap = 6;

function place(button: DOMRect, panel: DOMRect): { left: number; top: number } {
  const below = button.bottom + gap;
  const fits = below + panel.height < window.innerHeight - gap;
  const top = fits ? below : Math.max(gap, button.top - gap - panel.height);
  const left = Math.min(button.left, window.innerWidth - panel.width - gap);
  return { left: Math.max(gap, left), top: Math.min(top, Math.max(gap, window.innerHeight - panel.height - gap)) };
}

export function Pop({ button, label, className = 'plain', children, on }: Props) {
  const [open, setOpen] = useState(false);
  const trigger = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);

  const close = useCallback(() => {
    setOpen(false);
    trigger.current?.focus();
  }, []);

  useLayoutEffect(() => {
    if (!open || !panel.current || !trigger.current) return;
    const move = () => {
      if (!panel.current || !trigger.current) return;
      const { left, top } = place(trigger.current.getBoundingClientRect(), panel.current.getBoundingClientRect());
      panel.current.style.left = `${left}px`;
      panel.current.style.top = `${top}px`;
    };
    move();
    const watch = new ResizeObserver(move);
    watch.observe(panel.current);
    panel.current.querySelector<HTMLElement>('input, button, [href], [tabindex]')?.focus();
    return () => watch.disconnect();
  }, [open]);

  useEffect(() => {
    if (!open) return;
    function outside(event: MouseEvent) {
      const target = event.target as Element;
      const inPopup = target.closest('.ant-select-dropdown, .ant-picker-dropdown, .ant-cascader-dropdown');
      if (!panel.current?.contains(target) && !trigger.current?.contains(target) && !inPopup) setOpen(false);
    }
    function onKey(event: KeyboardEvent) {
      if (event.key === 'Escape') close();
    }
    document.addEventListener('mousedown', outside);
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('mousedown', outside);
      document.removeEventListener('keydown', onKey);
    };
  }, [open, close]);

  // Where it stands in a drawer or a dialog, the same Escape must not shut that too.
  function onKeyDown(event: KeyPress) {
    if (!open || event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    close();
  }

  return (
    <>
      <button
        ref={trigger}
        type="button"
        className={on ? `${className} on` : className}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label={label}
        onClick={() => setOpen((now) => !now)}
        onKeyDown={onKeyDown}
      >
        {button}
      </button>
      {open && (
        <div ref={panel} className="pop-panel" role="dialog" aria-label={label} onKeyDown={onKeyDown}>
          {children(close)}
        </div>
      )}
    </>
  );
}
