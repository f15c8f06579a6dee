// What a pool's sweep would take by now, for whoever lets it: nobody turns one on, or past its brake, unread.
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRefresh } from '../act/useAct';
import { useSending } from '../act/useSending';
import { type Job, type Pool, sweepPool } from '../api';
import { Person } from '../form/fields/reference';
import { useTitle } from '../form/title';
import { JobProgress } from '../jobs/JobProgress';
import { type Form, minute, useLabel } from '../meta';
import { FaultNotice } from '../shell/FaultNotice';
import { More } from '../shell/More';
import { Sheet } from '../shell/Sheet';
import { SheetFoot } from '../shell/SheetFoot';
import { say } from '../shell/toast';
import { usePhone } from '../theme/phone';
import { Fault } from '../views/Fault';
import { useLeaving } from './useMembers';

interface Props {
  form: Form;
  pool: Pool;
  sweep: NonNullable<Pool['sweep']>;
  onClose: () => void;
}

export function SweepSheet({ form, pool, sweep, onClose }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const phone = usePhone();
  const refresh = useRefresh(form.key);
  const [job, setJob] = useState<Job>();
  const now = useMemo(() => new Date().toISOString(), []);
  const list = useLeaving(form, pool, now, undefined);
  const { send, sending, fault } = useSending(async (what: 'on' | 'force', key: string) => {
    const asked = what === 'on' ? { do: what, seen: sweep.due } : { do: what };
    // What has come due while this was open was not seen: the server says so, and the list is asked for anew.
    const begun = await sweepPool(form.key, pool.key, asked, key).catch((refused) => {
      refresh();
      throw refused;
    });
    if (begun) return setJob(begun);
    say({ text: t('pool.sweepOnNow') });
    refresh();
    onClose();
  });
  return (
    <Sheet title={t('pool.sweepTitle', { name: label(pool.label) })} kind={phone ? 'below' : 'wide'} onClose={onClose}>
      <div className="sheet-content">
        {job ? (
          <JobProgress job={job} form={form} onEnded={refresh} />
        ) : (
          <>
            <p className="notice">
              {sweep.on
                ? t('pool.sweepRunText', { count: sweep.due })
                : t('pool.sweepOnText', { count: sweep.due, at: minute(sweep.next) })}
            </p>
            <Due form={form} list={list} />
            <FaultNotice>{fault}</FaultNotice>
          </>
        )}
      </div>
      <SheetFoot onClose={onClose} done={Boolean(job)}>
        {!job && (
          <button
            type="button"
            className={sweep.on ? 'button danger' : 'button primary'}
            // What was not shown has not been seen.
            disabled={sending || !list.query.isSuccess || (sweep.on && !sweep.due)}
            onClick={() => void send(sweep.on ? 'force' : 'on')}
          >
            {sweep.on ? t('pool.sweepRun', { count: sweep.due }) : t('pool.sweepTurnOn')}
          </button>
        )}
      </SheetFoot>
    </Sheet>
  );
}

/** The records whose time is over, as far as their reader sees them, the first to go first. */
function Due({ form, list }: { form: Form; list: ReturnType<typeof useLeaving> }) {
  const { t } = useTranslation();
  const title = useTitle(form);
  const { query, records } = list;
  if (query.isError) return <Fault error={query.error} onRetry={() => query.refetch()} />;
  return (
    <div aria-busy={query.isPending}>
      <ul className="hands">
        {records.map((record) => {
          const owner = record.values[form.owner ?? ''] as { id: string; title?: string } | undefined;
          return (
            <li key={record.id}>
              <Link className="clip" to="/f/$form/$id" params={{ form: form.key, id: record.id }}>
                {title(record) || t('record.untitled')}
              </Link>
              {owner ? <Person person={owner} /> : <span />}
              <span className="quiet num">{record.pool?.reclaimAt && minute(record.pool.reclaimAt)}</span>
            </li>
          );
        })}
      </ul>
      <More query={query} />
    </div>
  );
}
