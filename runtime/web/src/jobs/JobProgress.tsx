// Work in the background while it goes on, and its report when it has ended.
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { cancelJob, type Job } from '../api';
import type { Form } from '../meta';
import { Fault } from '../views/Fault';
import { hasEnded, useJob } from './useJob';
import './jobs.css';

interface Props {
  job: Job;
  /** What its parts are records of, to lead to those that were refused. */
  form?: Form;
  /** What the parts are called, by id. */
  names?: Map<string, string>;
  onEnded?: (job: Job) => void;
  /** What was refused is told elsewhere. */
  brief?: boolean;
}

export function JobProgress({ job: begun, form, names, onEnded, brief }: Props) {
  const { t } = useTranslation();
  const { job, error, set } = useJob(begun);
  const told = useRef(false);
  const ended = hasEnded(job);

  useEffect(() => {
    if (!ended || told.current) return;
    told.current = true;
    onEnded?.(job);
  }, [ended, job, onEnded]);

  const { done, total } = job.progress;
  return (
    <section className="job" aria-label={t('job.progress')}>
      <div className="job-line">
        <span role="status">
          {t(`jobState.${job.state}`)}
          {!ended && total > 0 && (
            <span className="num quiet">
              {' '}
              {done} / {total}
            </span>
          )}
        </span>
        {!ended && (
          <button type="button" className="plain" onClick={() => cancelJob(job.id).then(set)}>
            {t('job.cancel')}
          </button>
        )}
      </div>
      <progress
        aria-label={t('job.progress')}
        max={Math.max(total, 1)}
        value={ended ? Math.max(total, 1) : total ? done : undefined}
      />
      {!ended && <p className="quiet">{t('job.leave')}</p>}
      {error && <Fault error={error} />}
      {ended && <JobReport job={job} form={form} names={names} brief={brief} />}
    </section>
  );
}

/** Kinds of work whose parts are records, named by their ids. */
const ofRecords = new Set(['bulk', 'undo', 'distribute', 'script']);

/** What became of the parts: how many by what was done, and of those that were refused why. */
export function JobReport({ job, form, names, brief }: Omit<Props, 'onEnded'>) {
  const { t } = useTranslation();
  const counts = Object.entries(job.report?.counts ?? {}).filter(([, count]) => count > 0);
  const refused = brief ? [] : (job.report?.refused ?? []);
  const home = ofRecords.has(job.kind) ? form : undefined;
  return (
    <div className="job-report">
      {job.reason && <p className="notice bad">{job.reason.message}</p>}
      {counts.length > 0 && (
        <dl className="counts">
          {counts.map(([what, count]) => (
            <div key={what} className={what === 'refused' || what === 'skipped' ? 'bad' : ''}>
              <dt>{t(`jobCount.${what}`, { defaultValue: what })}</dt>
              <dd className="num">{count}</dd>
            </div>
          ))}
        </dl>
      )}
      {refused.length > 0 && (
        <>
          <h3>{t('job.refused')}</h3>
          <ul className="refused">
            {refused.map((one) => (
              <li key={`${one.at}-${one.code}`}>
                <Part at={one.at ?? ''} form={home} name={names?.get(one.at ?? '')} />
                <span>{one.errors?.map((error) => error.message).join(' ') || one.message}</span>
              </li>
            ))}
          </ul>
          {!job.report?.complete && <p className="quiet">{t('job.refusedMore')}</p>}
        </>
      )}
    </div>
  );
}

function Part({ at, form, name }: { at: string; form?: Form; name?: string }) {
  const { t } = useTranslation();
  if (!at) return null;
  if (form) {
    return (
      <Link className="clip" to="/f/$form/$id" params={{ form: form.key, id: at }}>
        {name || t('job.record')}
      </Link>
    );
  }
  return <strong className="clip">{name || at}</strong>;
}
