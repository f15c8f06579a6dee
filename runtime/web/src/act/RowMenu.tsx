// A record's menu in a list, where the pointer or the focus is.
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordView } from '../api';
import type { Form } from '../meta';
import { useBulkDelete } from '../views/bulk';
import { ActionDialog } from './ActionDialog';
import { ActionMenu } from './ActionMenu';
import { offered } from './asking';
import { useAct } from './useAct';
import './act.css';

interface Props {
  form: Form;
  record: RecordView;
  at: { left: number; top: number };
  onClose: () => void;
}

const gap = 6;

export function RowMenu({ form, record, at, onClose }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const panel = useRef<HTMLDivElement>(null);
  const { begin, busy, asked } = useAct(form);
  const remove = useBulkDelete(form.key, onClose);

  useLayoutEffect(() => {
    const one = panel.current;
    if (!one) return;
    const opener = document.activeElement as HTMLElement | null;
    one.style.left = `${Math.max(gap, Math.min(at.left, window.innerWidth - one.offsetWidth - gap))}px`;
    one.style.top = `${Math.max(gap, Math.min(at.top, window.innerHeight - one.offsetHeight - gap))}px`;
    one.querySelector('button')?.focus();
    return () => opener?.focus?.();
  }, [at]);

  useEffect(() => {
    if (asked) return;
    const outside = (event: MouseEvent) => {
      if (!panel.current?.contains(event.target as Element)) onClose();
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') onClose();
    };
    document.addEventListener('mousedown', outside);
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('mousedown', outside);
      document.removeEventListener('keydown', onKey);
    };
  }, [asked, onClose]);

  if (asked) return <ActionDialog {...asked} form={form} onClose={onClose} />;
  const open = () => void navigate({ to: '/f/$form/$id', params: { form: form.key, id: record.id } });
  const page = { text: t('record.page'), act: open };
  const drop = { text: t('record.delete'), danger: true, act: () => remove.run([record]) };
  return (
    <div ref={panel} className="pop-panel" role="dialog" aria-label={t('act.more')}>
      <ActionMenu
        actions={offered(form, [record])}
        busy={busy}
        onAct={(action) => void begin(action, [record]).then((came) => came !== 'asked' && onClose())}
        more={record.rights.delete ? [page, drop] : [page]}
      />
    </div>
  );
}
