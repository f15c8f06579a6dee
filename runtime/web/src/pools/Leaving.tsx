// What is about to come back to a pool, with what keeps each and a follow-up at hand.
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ActionDialog } from '../act/ActionDialog';
import { offered } from '../act/asking';
import { useAct, useRefresh } from '../act/useAct';
import type { Pool, RecordView } from '../api';
import { Person } from '../form/fields/reference';
import { useTitle } from '../form/title';
import { type Form, formOf, nowThere, useLabel, useWorld, wallOf, wallTime } from '../meta';
import { Fault } from '../views/Fault';
import { QuickCreate } from '../views/QuickCreate';
import { WhyPanel } from '../why/WhyPanel';
import { Members } from './Members';
import { useLeaving } from './useMembers';

/** How far ahead one may look, days. */
const spans = [3, 7, 30] as const;

export function Leaving({ form, pool }: { form: Form; pool: Pool }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { me, catalog } = useWorld();
  const manages = pool.rights.includes('manage') || pool.rights.includes('assign');
  const [days, setDays] = useState<number>(7);
  const [all, setAll] = useState(manages);
  const until = useMemo(() => new Date(Date.now() + days * 86_400_000).toISOString(), [days]);
  const list = useLeaving(form, pool, until, all ? undefined : me.user.id);
  const title = useTitle(form);
  const refresh = useRefresh(form.key);
  const [why, setWhy] = useState<RecordView>();
  const [follow, setFollow] = useState<RecordView>();
  const { begin, busy, asked, close } = useAct(form);
  const activity = form.pools?.find((one) => one.key === pool.key)?.activity;
  const notes = activity && formOf(catalog, activity.form);

  return (
    <>
      <div className="pool-tools">
        <div className="segments" role="group" aria-label={t('pool.within')}>
          {spans.map((span) => (
            <button key={span} type="button" aria-pressed={span === days} onClick={() => setDays(span)}>
              {t('pool.days', { count: span })}
            </button>
          ))}
        </div>
        {manages && (
          <div className="segments" role="group" aria-label={t('pool.whose')}>
            {[true, false].map((one) => (
              <button key={String(one)} type="button" aria-pressed={one === all} onClick={() => setAll(one)}>
                {one ? t('pool.everybodys') : t('pool.mine')}
              </button>
            ))}
          </div>
        )}
        <span className="quiet num" role="status">
          {list.count && t(list.count.exact ? 'list.count' : 'list.countMore', { count: list.count.value })}
        </span>
      </div>
      {list.query.isError && <Fault error={list.query.error} onRetry={() => list.query.refetch()} />}
      <Members
        form={form}
        records={list.records}
        list={list}
        extra={{ title: t('pool.leaves'), text: (record) => <Deadline form={form} record={record} all={all} /> }}
        tools={(record) => (
          <>
            {notes && (
              <button type="button" className="button primary" onClick={() => setFollow(record)}>
                {label(notes.label)}
              </button>
            )}
            {offered(form, [record])
              .filter((action) => action.undo && action.kind === 'plain' && !manages)
              .slice(0, 1)
              .map((action) => (
                <button
                  key={action.key}
                  type="button"
                  className="button"
                  disabled={Boolean(busy)}
                  onClick={() => begin(action, [record])}
                >
                  {label(action.label)}
                </button>
              ))}
            <button type="button" className="plain" onClick={() => setWhy(record)}>
              {t('pool.keeps')}
            </button>
          </>
        )}
        empty={t('pool.nothingLeaves')}
      />
      {why && (
        <WhyPanel form={form} id={why.id} field="reclaimAt" title={title(why)} onClose={() => setWhy(undefined)} />
      )}
      {follow && notes && activity && (
        <QuickCreate
          form={notes}
          begin={{ [activity.via]: { id: follow.id, title: title(follow) } }}
          about={follow.id}
          onClose={() => setFollow(undefined)}
          onSaved={refresh}
        />
      )}
      {asked && <ActionDialog {...asked} form={form} onClose={close} />}
    </>
  );
}

function Deadline({ form, record, all }: { form: Form; record: RecordView; all: boolean }) {
  const { t } = useTranslation();
  const at = record.pool?.reclaimAt;
  if (!at) return null;
  const left = wallTime(wallOf(at)).startOf('day').diff(nowThere().startOf('day'), 'day');
  const owner = record.values[form.owner ?? ''] as { id: string; title?: string } | undefined;
  return (
    <span className="deadline">
      <span className={left <= 1 ? 'chip tone-red' : left <= 3 ? 'chip tone-orange' : 'chip tone-gray'}>
        {left <= 0 ? t('pool.leavesNow') : t('pool.leavesIn', { count: left })}
      </span>
      {record.pool?.lockedUntil && <span className="quiet">{t('pool.locked')}</span>}
      {all && owner && <Person person={owner} />}
    </span>
  );
}
