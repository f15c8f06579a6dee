// Who learnt, exported or printed what, and what else is kept for administrators: the newest first, narrowed by the address.
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { type LogEntry, listLog } from '../api';
import { formOf, instantOf, minute, useLabel, useWorld } from '../meta';
import { More } from '../shell/More';
import type { LogSearch } from '../shell/router';
import { Fault } from '../views/Fault';
import { LogFilter } from './LogFilter';
import { opsOf } from './logKinds';
import '../views/views.css';
import './people.css';

const route = getRouteApi('/log');

/** The day behind a day. */
const dayAfter = (day: string) => new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

const queryOf = ({ actor, kind, form, record, from, to }: LogSearch) => ({
  actor,
  form,
  record: form ? record : undefined,
  op: opsOf(kind),
  from: from && instantOf(`${from}T00:00:00`),
  to: to && instantOf(`${dayAfter(to)}T00:00:00`),
});

export function LogPage() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const query = useInfiniteQuery({
    queryKey: ['log', search],
    queryFn: ({ pageParam, signal }) => listLog({ ...queryOf(search), after: pageParam || undefined }, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  });
  const entries = query.data?.pages.flatMap((page) => page.entries) ?? [];
  useEffect(() => {
    document.title = t('log.title');
  }, [t]);
  return (
    <>
      <header className="head">
        <h1>{t('log.title')}</h1>
      </header>
      <main className="scroll people-page" aria-busy={query.isPending}>
        <LogFilter
          search={search}
          onChange={(change) => navigate({ search: (before) => ({ ...before, ...change }), replace: true })}
        />
        {query.isError && <Fault error={query.error} onRetry={() => query.refetch()} />}
        {query.data && !entries.length && !query.hasNextPage && (
          <div className="empty">
            <h2>{t('log.none')}</h2>
            <p>{t('log.noneText')}</p>
          </div>
        )}
        <ul className="log">
          {entries.map((entry) => (
            <Line key={entry.key} entry={entry} />
          ))}
        </ul>
        <More query={query} />
      </main>
    </>
  );
}

function Line({ entry }: { entry: LogEntry }) {
  const { t } = useTranslation();
  const { catalog } = useWorld();
  const label = useLabel();
  const form = entry.form ? formOf(catalog, entry.form) : undefined;
  const about = [form ? label(form.label) : entry.form, entry.targetName].filter(Boolean).join(' · ');
  return (
    <li>
      <time className="quiet num" dateTime={entry.at}>
        {minute(entry.at)}
      </time>
      <strong>{entry.actorName ?? entry.actor}</strong>
      <span>{t(`logOp.${entry.op}`, { defaultValue: entry.op })}</span>
      <span>
        {about}{' '}
        {entry.record && form && (
          <Link to="/f/$form/$id" params={{ form: form.key, id: entry.record }}>
            {t('log.record')}
          </Link>
        )}
      </span>
      <span className="num">{entry.count ? t('log.count', { count: entry.count }) : ''}</span>
      <span className="quiet">{entry.op.startsWith('viewing.') ? entry.note : ''}</span>
    </li>
  );
}
