// The foot of a sheet: the way out, and what the sheet is for.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface Props {
  onClose: () => void;
  /** Nothing is left to refuse: leaving is all there is to do, or does no harm. */
  done?: boolean;
  /** The button that does it, or nothing. */
  children?: ReactNode;
}

export function SheetFoot({ onClose, done, children }: Props) {
  const { t } = useTranslation();
  return (
    <footer className="sheet-foot">
      {done && children}
      <button type="button" className={done ? 'button primary' : 'button'} onClick={onClose}>
        {t(done ? 'action.close' : 'action.cancel')}
      </button>
      {!done && children}
    </footer>
  );
}
