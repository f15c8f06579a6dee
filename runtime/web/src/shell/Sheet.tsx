// A dialog over the page: centred, from the side, or from below on a phone. The browser keeps the focus inside.
import { CloseOutlined } from '@ant-design/icons';
import ConfigProvider from 'antd/es/config-provider';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

interface Props {
  title: string;
  onClose: () => void;
  children: ReactNode;
  kind?: 'centre' | 'below' | 'side' | 'wide';
  /** Without a heading of its own: the title is for screen readers only. */
  bare?: boolean;
}

export function Sheet({ title, onClose, children, kind = 'centre', bare }: Props) {
  const { t } = useTranslation();
  const dialog = useRef<HTMLDialogElement>(null);
  const inner = useRef(false);
  useEffect(() => {
    const opened = dialog.current;
    if (opened && !opened.open) opened.showModal();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={`sheet ${kind}`}
      aria-label={title}
      onKeyDownCapture={(event) => {
        const open = dialog.current?.querySelector(
          '.ant-select-open, .ant-picker-dropdown:not(.ant-picker-dropdown-hidden)',
        );
        inner.current = event.key === 'Escape' && Boolean(open);
      }}
      onCancel={(event) => {
        event.preventDefault();
        // What is open within closes first.
        if (!inner.current) onClose();
        inner.current = false;
      }}
      onMouseDown={(event) => event.target === dialog.current && onClose()}
    >
      {/* What opens from an input within must be in the dialog too: all else is out of reach beneath it. */}
      <ConfigProvider getPopupContainer={(node) => node?.closest('dialog') ?? document.body}>
        <div className="sheet-body">
          {!bare && (
            <header>
              <h2>{title}</h2>
              <button type="button" className="plain icon" onClick={onClose} aria-label={t('action.close')}>
                <CloseOutlined />
              </button>
            </header>
          )}
          {children}
        </div>
      </ConfigProvider>
    </dialog>
  );
}
