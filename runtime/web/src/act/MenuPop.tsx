// A menu behind a button: beside it on a desk, from below on a phone.
import { MoreOutlined } from '@ant-design/icons';
import { type ReactNode, useState } from 'react';
import { Pop } from '../shell/Pop';
import { Sheet } from '../shell/Sheet';
import { usePhone } from '../theme/phone';
import './act.css';

interface Props {
  label: string;
  className?: string;
  children: (close: () => void) => ReactNode;
}

export function MenuPop({ label, className = 'plain icon', children }: Props) {
  const phone = usePhone();
  const [open, setOpen] = useState(false);
  if (!phone) {
    return (
      <Pop label={label} className={className} button={<MoreOutlined aria-hidden="true" />}>
        {children}
      </Pop>
    );
  }
  return (
    <>
      <button
        type="button"
        className={className}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label={label}
        onClick={() => setOpen(true)}
      >
        <MoreOutlined aria-hidden="true" />
      </button>
      {open && (
        <Sheet title={label} kind="below" onClose={() => setOpen(false)}>
          <div className="menu-sheet">{children(() => setOpen(false))}</div>
        </Sheet>
      )}
    </>
  );
}
