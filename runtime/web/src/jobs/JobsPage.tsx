// My work in the background, the newest first: how far it is, what came of it, and a way back where there is one.
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSending } from '../act/useSending';
import { fileAddress, type Job, listJobs, undoJob } from '../api';
import { ago } from '../meta';
import { Fault } from '../views/Fault';
import { JobProgress } from './JobProgress';
import { hasEnded } from './useJob';
import '../views/views.css';
import './jobs.css';
import { FaultNotice } from '../shell/FaultNotice';
import { More } from '../shell/More';

/** How often the list is asked again while some job is at work and the stream of events says nothing, ms. */
const unheard = 10_000;

export function JobsPage() {
  const { t } = useTranslation();
  const query = useInfiniteQuery({
    queryKey: ['jobs'],
    queryFn: ({ pageParam }) => listJobs(pageParam || undefined),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.jobs.some((job) => !hasEnded(job))) ? unheard : false,
  });
  const jobs = query.data?.pages.flatMap((page) => page.jobs) ?? [];
  useEffect(() => {
    document.title = t('jobs.title');
  }, [t]);
  return (
    <>
      <header className="head">
        <h1>{t('jobs.title')}</h1>
      </header>
      <main className="scroll jobs-page">
        {query.isError && <Fault error={query.error} onRetry={() => query.refetch()} />}
        {query.data && !jobs.length && (
          <div className="empty">
            <h2>{t('jobs.none')}</h2>
            <p>{t('jobs.noneText')}</p>
          </div>
        )}
        <ul className="job-list" aria-busy={query.isPending}>
          {jobs.map((job) => (
            <Line key={job.id} job={job} />
          ))}
        </ul>
        <More query={query} />
      </main>
    </>
  );
}

function Line({ job }: { job: Job }) {
  const { t, i18n } = useTranslation();
  const [open, setOpen] = useState(!hasEnded(job));
  const [undone, setUndone] = useState<Job>();
  const { send, sending, fault } = useSending(async () => setUndone(await undoJob(job.id)));
  const { done, total } = job.progress;
  return (
    <li>
      <button type="button" className="plain job-head" aria-expanded={open} onClick={() => setOpen(!open)}>
        <strong>{t(`jobKind.${job.kind}`, { defaultValue: job.kind })}</strong>
        <span className={`chip flat ${toneOf(job)}`}>{t(`jobState.${job.state}`)}</span>
        <span className="quiet num">{total > 0 ? `${done} / ${total}` : ''}</span>
        <time className="quiet num" dateTime={job.createdAt}>
          {ago(job.createdAt, i18n.language)}
        </time>
      </button>
      {open && (
        <div className="job-body">
          <JobProgress job={job} />
          <FaultNotice>{fault}</FaultNotice>
          {undone && <JobProgress job={undone} />}
          <div className="job-tools">
            {job.result && (
              <a className="button" href={fileAddress(job.result)} download>
                {t('jobs.file')}
              </a>
            )}
            {job.undoable && !undone && (
              <button type="button" className="button" disabled={sending} onClick={() => send(undefined)}>
                {t('action.undo')}
              </button>
            )}
          </div>
        </div>
      )}
    </li>
  );
}

const toneOf = (job: Job) =>
  job.state === 'done'
    ? 'tone-green'
    : job.state === 'failed'
      ? 'tone-red'
      : job.state === 'cancelled'
        ? 'tone-gray'
        : 'tone-blue';
