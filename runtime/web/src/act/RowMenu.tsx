// A record's menu in a list, where the pointer or the focus is.
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordView } from '../api';
import { beginningOf } from '../form/beginning';
import { useTitle } from '../form/title';
import { type Column, valueIn } from '../grid/columns';
import { type Catalog, type Condition, type Form, type Relation, relationsTo, useLabel, useWorld } from '../meta';
import { useBulkDelete } from '../views/bulk';
import { conditionOf } from '../views/narrow';
import { QuickCreate } from '../views/QuickCreate';
import { ActionDialog } from './ActionDialog';
import { ActionMenu } from './ActionMenu';
import { offered } from './asking';
import { useAct } from './useAct';
import './act.css';

interface Props {
  form: Form;
  record: RecordView;
  at: { left: number; top: number };
  /** The cell it was opened at. */
  column?: Column;
  /** The list is wanted with those alone that are alike. */
  onNarrow: (one: Condition) => void;
  onClose: () => void;
}

const gap = 6;
/** How many forms offer what goes with the record. */
const most = 5;

export function RowMenu({ form, record, at, column, onNarrow, onClose }: Props) {
  const { t, i18n } = useTranslation();
  const label = useLabel();
  const { catalog } = useWorld();
  const title = useTitle(form);
  const navigate = useNavigate();
  const [making, setMaking] = useState<Relation>();
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
    if (asked || making) return;
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
  }, [asked, making, onClose]);

  if (asked) return <ActionDialog {...asked} form={form} onClose={onClose} />;
  if (making) {
    return (
      <QuickCreate
        form={making.form}
        begin={beginningOf(making, form, record, title(record))}
        about={record.id}
        onClose={onClose}
      />
    );
  }
  const open = () => void navigate({ to: '/f/$form/$id', params: { form: form.key, id: record.id } });
  const value = column && valueIn(record, column.key);
  const one = column && !column.field.masked ? conditionOf(column.key, column.def, value) : undefined;
  const said = column && (column.ui.text(value, column.def, i18n.language) || t('group.none'));
  const only = () => {
    if (one) onNarrow(one);
    onClose();
  };
  const more = [
    ...(one ? [{ text: t('group.only', { name: `${column?.title}：${said}` }), act: only }] : []),
    ...makeable(catalog, form).map((relation) => ({
      text: t('list.newOne', { name: label(relation.form.label) }),
      act: () => setMaking(relation),
    })),
    { text: t('record.page'), act: open },
    ...(record.rights.delete ? [{ text: t('record.delete'), danger: true, act: () => remove.run([record]) }] : []),
  ];
  return (
    <div ref={panel} className="pop-panel" role="dialog" aria-label={t('act.more')}>
      <ActionMenu
        actions={offered(form, [record])}
        busy={busy}
        onAct={(action) => void begin(action, [record]).then((came) => came !== 'asked' && onClose())}
        more={more}
      />
    </div>
  );
}

/** What may be made that goes with a record of the form: of each form once. */
function makeable(catalog: Catalog, form: Form): Relation[] {
  const all = relationsTo(catalog, form.key).filter(({ form: other, field }) => other.rights.create && !field.readOnly);
  return all.filter((one, at) => all.findIndex((other) => other.form === one.form) === at).slice(0, most);
}
