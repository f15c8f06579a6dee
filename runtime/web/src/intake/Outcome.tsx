// What an import does while it works, and what became of its rows; a trial tells the same and writes nothing.
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSending } from '../act/useSending';
import { fileAddress, importedRows, type Job, undoJob } from '../api';
import { Changed } from '../form/Changed';
import { JobProgress } from '../jobs/JobProgress';
import { hasEnded, useJob } from '../jobs/useJob';
import { type Form, fieldOf, useLabel } from '../meta';
import { FaultNotice } from '../shell/FaultNotice';
import { More } from '../shell/More';
import { Fault } from '../views/Fault';
import { LooksLike } from './LooksLike';

interface Props {
  form: Form;
  job: Job;
  trial?: boolean;
  onEnded?: () => void;
  /** What a row is called, where its number says nothing. */
  nameOf?: (row: number) => string;
  /** It stands in a dialog over the list: nothing leads elsewhere. */
  brief?: boolean;
  /** What comes next, with whether there is anything to go on with. */
  children?: (worth: boolean) => ReactNode;
}

/** What looks like something else is among the others too. */
const ops = ['refused', 'alike', 'made', 'changed', 'unchanged'] as const;
type Op = (typeof ops)[number];

export function Outcome({ form, job: begun, trial, onEnded, nameOf, brief, children }: Props) {
  const { t } = useTranslation();
  const { job } = useJob(begun);
  const [undone, setUndone] = useState<Job>();
  const ended = hasEnded(job);
  const counts = job.report?.counts ?? {};
  const first = ops.find((op) => (counts[op] ?? 0) > 0) ?? 'made';
  const [op, setOp] = useState<Op>();
  const shown = op ?? first;
  const { send, sending, fault } = useSending(async () => setUndone(await undoJob(job.id)));
  const wrote = (counts.made ?? 0) + (counts.changed ?? 0) > 0;
  return (
    <>
      <p className={trial ? 'notice' : 'quiet'}>
        {brief ? t(trial ? 'paste.trial' : 'paste.done') : trial ? t('import.trialText') : t('import.runText')}
      </p>
      <JobProgress job={begun} onEnded={onEnded} brief />
      <FaultNotice>{fault}</FaultNotice>
      {undone && <JobProgress job={undone} form={form} onEnded={onEnded} />}
      {ended && !(trial && brief) && (
        <div className="import-foot start">
          {job.result && !brief && (
            <a className="button" href={fileAddress(job.result)} download>
              {t('import.refusedFile')}
            </a>
          )}
          {job.undoable && !undone && (
            <button type="button" className="button danger" disabled={sending} onClick={() => send(undefined)}>
              {t(brief ? 'action.undo' : 'import.undo')}
            </button>
          )}
          {!trial && !brief && (
            <Link className="button primary" to="/f/$form" params={{ form: form.key }} search={{ sort: '-createdAt' }}>
              {t('import.see')}
            </Link>
          )}
        </div>
      )}
      {ended && (
        <>
          <div className="segments" role="group" aria-label={t('import.rows')}>
            {ops
              .filter((one) => (counts[one] ?? 0) > 0)
              .map((one) => (
                <button key={one} type="button" aria-pressed={one === shown} onClick={() => setOp(one)}>
                  {t(`importRows.${one}`, { count: counts[one] ?? 0 })}
                </button>
              ))}
          </div>
          <Rows form={form} job={job.id} op={shown} nameOf={nameOf} brief={brief} />
        </>
      )}
      {children?.(job.state === 'done' && wrote)}
    </>
  );
}

function Rows({
  form,
  job,
  op,
  nameOf: called,
  brief,
}: Pick<Props, 'form' | 'nameOf' | 'brief'> & { job: string; op: Op }) {
  const { t } = useTranslation();
  const label = useLabel();
  const query = useInfiniteQuery({
    queryKey: ['job', job, 'rows', op],
    queryFn: ({ pageParam }) => importedRows(job, op, pageParam || undefined),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  });
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
  if (query.isError) return <Fault error={query.error} onRetry={() => query.refetch()} />;
  const nameOf = (key = '') => {
    const field = fieldOf(form, key.split('.')[0] ?? '');
    return field ? label(field.definition['x-label']) : key;
  };
  return (
    <>
      <ul className="row-list" aria-busy={query.isPending}>
        {rows.map((row) => (
          <li key={`${row.row}-${row.id ?? ''}`}>
            <span className="num quiet">
              {called?.(row.row) || (row.row ? t('import.row', { number: row.row }) : '')}
            </span>
            <span>
              {row.errors?.map((error) => (
                <span key={`${error.field}-${error.code}-${error.message}`} className="line">
                  <span className="quiet">
                    {brief ? nameOf(error.cell?.column ?? error.field) : error.cell?.column || nameOf(error.field)}
                  </span>{' '}
                  {error.cell?.text && <span className="cell-text">{error.cell.text}</span>}{' '}
                  <span className="fault">{error.message}</span>
                </span>
              ))}
              {row.changes?.map((change) => (
                <span key={change.field} className="line changed">
                  <Changed form={form} change={change} />
                </span>
              ))}
              <LooksLike form={form} row={row} />
              {row.id && row.op !== 'refused' && !brief && (
                <Link to="/f/$form/$id" params={{ form: form.key, id: row.id }}>
                  {t('job.record')}
                </Link>
              )}
            </span>
          </li>
        ))}
      </ul>
      <More query={query} />
    </>
  );
}
