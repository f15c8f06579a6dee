// What can be done to a record, in its header: what most people come for as buttons, the rest in a menu.
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordView } from '../api';
import { type Form, mayMerge, useLabel, useWorld } from '../meta';
import { usePhone } from '../theme/phone';
import { ActionDialog } from './ActionDialog';
import { ActionMenu } from './ActionMenu';
import { offered } from './asking';
import { MenuPop } from './MenuPop';
import { useAct } from './useAct';

const ViewersPanel = lazy(() => import('../why/ViewersPanel').then((all) => ({ default: all.ViewersPanel })));

interface Props {
  form: Form;
  record: RecordView;
  narrow?: boolean;
  onRemove: () => void;
  onMerge: () => void;
  onGone: () => void;
}

export function RecordActions({ form, record, narrow, onRemove, onMerge, onGone }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const phone = usePhone();
  const { me } = useWorld();
  const [viewers, setViewers] = useState(false);
  const { begin, busy, asked, close } = useAct(form, onGone);
  const all = offered(form, [record]);
  const first = all.filter((action) => action.kind === 'primary').slice(0, 1);
  const rest = all.filter((action) => !first.includes(action));
  const shown = narrow || phone ? [] : rest.slice(0, 2);
  const hidden = rest.filter((action) => !shown.includes(action));
  const asksWho = me.user.admin || record.rights.actions.includes('share');
  const more = [
    ...(me.viewing ? [] : [{ text: t('record.print'), act: () => window.print() }]),
    ...(asksWho ? [{ text: t('viewers.title'), act: () => setViewers(true) }] : []),
    ...(mayMerge(form, record) ? [{ text: t('merge.with'), act: onMerge }] : []),
    ...(record.rights.delete ? [{ text: t('record.delete'), danger: true, act: onRemove }] : []),
  ];
  return (
    <>
      {[...first, ...shown].map((action) => (
        <button
          key={action.key}
          type="button"
          className={action.kind === 'primary' ? 'button primary' : 'button'}
          disabled={Boolean(busy)}
          aria-busy={busy === `${action.key} ${record.id}` || undefined}
          onClick={() => begin(action, [record])}
        >
          {label(action.label)}
        </button>
      ))}
      <MenuPop label={t('act.more')}>
        {(shut) => (
          <ActionMenu
            actions={hidden}
            busy={busy}
            onAct={(action) => {
              shut();
              void begin(action, [record]);
            }}
            more={more.map((one) => ({
              ...one,
              act: () => {
                shut();
                one.act();
              },
            }))}
          />
        )}
      </MenuPop>
      {viewers && (
        <Suspense>
          <ViewersPanel form={form} record={record} onClose={() => setViewers(false)} />
        </Suspense>
      )}
      {asked && <ActionDialog {...asked} form={form} onClose={close} onGone={onGone} />}
    </>
  );
}
