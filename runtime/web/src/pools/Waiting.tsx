// What lies in a pool and may be claimed, one by one or several at once.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ActionDialog } from '../act/ActionDialog';
import { offered } from '../act/asking';
import { BulkActions } from '../act/BulkActions';
import { useAct } from '../act/useAct';
import type { Pool, RecordView } from '../api';
import { useSettled } from '../form/fields/source';
import { toggled } from '../grid/Grid';
import { type ActionView, ago, type Form, useLabel } from '../meta';
import { Fault } from '../views/Fault';
import { Members } from './Members';
import { useWaiting } from './useMembers';

/** How long to wait for the next letter before asking, ms. */
const pause = 250;

export function Waiting({ form, pool }: { form: Form; pool: Pool }) {
  const { t, i18n } = useTranslation();
  const label = useLabel();
  const [typed, setTyped] = useState('');
  const list = useWaiting(form, pool, useSettled(typed, pause));
  const [selected, setSelected] = useState<Set<string>>(new Set());
  // What was claimed is away at once, and comes back where the claim is refused.
  const [away, setAway] = useState<Set<string>>(new Set());
  const { begin, busy, asked, close } = useAct(form);
  const records = list.records.filter((record) => !away.has(record.id));
  const chosen = records.filter((record) => selected.has(record.id));
  // Whoever may only look has nothing to do with several of them.
  const isForMany = records.some((record) => offered(form, [record], true).length > 0);

  async function act(action: ActionView, record: RecordView) {
    const leaves = action.kind === 'primary';
    if (leaves) setAway((now) => new Set(now).add(record.id));
    const came = await begin(action, [record]);
    if (leaves && came !== 'done') setAway((now) => toggled(now, record.id));
  }

  return (
    <>
      <div className="pool-tools">
        {chosen.length > 0 ? (
          <>
            <strong className="num">{t('list.selected', { count: chosen.length })}</strong>
            <BulkActions form={form} records={chosen} onDone={() => setSelected(new Set())} />
            <button type="button" className="button" onClick={() => setSelected(new Set())}>
              {t('list.unselect')}
            </button>
          </>
        ) : (
          <span className="quiet num" role="status">
            {list.count &&
              t(list.count.exact ? 'list.count' : 'list.countMore', {
                count: Math.max(0, list.count.value - (list.count.exact ? away.size : 0)),
              })}
          </span>
        )}
        <input
          type="search"
          className="text-input quick"
          value={typed}
          placeholder={t('list.search')}
          aria-label={t('list.search')}
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
      {list.query.isError && <Fault error={list.query.error} onRetry={() => list.query.refetch()} />}
      <Members
        form={form}
        records={records}
        list={list}
        selected={selected}
        onSelect={isForMany ? setSelected : undefined}
        extra={{
          title: t('pool.since'),
          text: (record) => (record.pool ? ago(record.pool.since, i18n.language) : ''),
        }}
        tools={(record) =>
          offered(form, [record])
            .filter((action) => action.kind === 'primary' || action.many)
            .slice(0, 1)
            .map((action) => (
              <button
                key={action.key}
                type="button"
                className={action.kind === 'primary' ? 'button primary' : 'button'}
                disabled={Boolean(busy)}
                onClick={() => act(action, record)}
              >
                {label(action.label)}
              </button>
            ))
        }
        empty={typed ? t('list.noneFound') : t('pool.empty')}
      />
      {asked && <ActionDialog {...asked} form={form} onClose={close} />}
    </>
  );
}
