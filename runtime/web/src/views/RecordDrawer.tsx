// A record beside the list that it came from; on a phone over it.
import { CloseOutlined, DownOutlined, FullscreenOutlined, UpOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Form } from '../meta';
import { RecordView } from './RecordView';
import './record.css';

interface Props {
  form: Form;
  id: string;
  /** The list's records in order, for going to the next. */
  ids: string[];
  onMove: (id: string) => void;
  onClose: () => void;
}

export function RecordDrawer({ form, id, ids, onMove, onClose }: Props) {
  const { t } = useTranslation();
  const drawer = useRef<HTMLElement>(null);
  const at = ids.indexOf(id);
  const before = ids[at - 1];
  const after = at >= 0 ? ids[at + 1] : undefined;

  useEffect(() => {
    const opener = document.activeElement as HTMLElement | null;
    drawer.current?.focus();
    return () => opener?.focus?.();
  }, []);

  function onKeyDown(event: KeyboardEvent) {
    // What is open within, a dialog or a list of choices, is shut by the same key and comes first.
    const inner = (event.target as Element).closest('dialog, .ant-select-open');
    if (event.defaultPrevented || inner) return;
    if (event.key === 'Escape') onClose();
    const to = event.altKey ? { ArrowUp: before, ArrowDown: after }[event.key] : undefined;
    if (!to) return;
    event.preventDefault();
    onMove(to);
  }

  const step = (to: string | undefined, name: string, icon: React.ReactNode) => (
    <button
      type="button"
      className="plain icon"
      disabled={!to}
      onClick={() => to && onMove(to)}
      aria-label={name}
      title={name}
    >
      {icon}
    </button>
  );
  const tools = (
    <>
      <button
        type="button"
        className="plain icon"
        onClick={onClose}
        aria-label={t('action.close')}
        title={t('action.close')}
      >
        <CloseOutlined />
      </button>
      <span className="wide-only">
        {step(before, t('record.before'), <UpOutlined />)}
        {step(after, t('record.after'), <DownOutlined />)}
        <Link
          className="plain icon"
          to="/f/$form/$id"
          params={{ form: form.key, id }}
          aria-label={t('record.page')}
          title={t('record.page')}
        >
          <FullscreenOutlined />
        </Link>
      </span>
    </>
  );
  return (
    <aside ref={drawer} className="drawer" tabIndex={-1} aria-label={t('record.drawer')} onKeyDown={onKeyDown}>
      <RecordView key={id} form={form} id={id} narrow tools={tools} onGone={onClose} />
    </aside>
  );
}
