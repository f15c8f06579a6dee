// The records that I follow, of all forms or of one, and a way to follow them no longer.
import { StarFilled, StarOutlined } from '@ant-design/icons';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { type Followed, followedRecords } from '../api';
import { ago, formOf, useLabel, useWorld } from '../meta';
import { FormIcon } from '../shell/icons';
import { More } from '../shell/More';
import { Fault } from '../views/Fault';
import { useFilled } from './useFilled';
import { useFollowing } from './useFollowing';
import '../views/views.css';
import './followed.css';

const route = getRouteApi('/followed');

export function FollowedPage() {
  const { t } = useTranslation();
  const { form } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <header className="head">
        <h1>{t('followed.title')}</h1>
      </header>
      <FollowedList form={form ?? ''} onForm={(next) => void navigate({ search: { form: next || undefined } })} />
    </>
  );
}

/** form: "" for all. */
export function FollowedList({ form, onForm }: { form: string; onForm: (form: string) => void }) {
  const { t } = useTranslation();
  const { catalog } = useWorld();
  const label = useLabel();
  const id = useId();
  const query = useInfiniteQuery({
    queryKey: ['followed', form],
    queryFn: ({ pageParam, signal }) => followedRecords(form, pageParam, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  });
  const records = query.data?.pages.flatMap((page) => page.records) ?? [];
  const { hasNextPage } = query;
  useFilled(query, records.length);
  useEffect(() => {
    document.title = t('followed.title');
  }, [t]);
  return (
    <main className="scroll followed-page">
      <div className="field">
        <label className="name" htmlFor={id}>
          {t('followed.of')}
        </label>
        <select id={id} className="text-input" value={form} onChange={(event) => onForm(event.target.value)}>
          <option value="">{t('followed.all')}</option>
          {catalog.forms
            .filter((one) => one.rights.read)
            .map((one) => (
              <option key={one.key} value={one.key}>
                {label(one.label)}
              </option>
            ))}
        </select>
      </div>
      {query.isError && <Fault error={query.error} onRetry={() => query.refetch()} />}
      {query.isSuccess && !records.length && !hasNextPage && (
        <div className="empty">
          <h2>{t('followed.none')}</h2>
          <p>{t('followed.noneText')}</p>
        </div>
      )}
      <ul className="followed-list" aria-label={t('followed.title')} aria-busy={query.isPending}>
        {records.map((one) => (
          <Line key={`${one.form}/${one.id}`} one={one} />
        ))}
      </ul>
      <More query={query} />
    </main>
  );
}

function Line({ one }: { one: Followed }) {
  const { t, i18n } = useTranslation();
  const { catalog } = useWorld();
  const label = useLabel();
  const form = formOf(catalog, one.form);
  const { standing, change } = useFollowing(one.form, one.id, { following: true, followers: 0, exact: true });
  const title = one.title || t('record.untitled');
  return (
    <li>
      <Link className="followed-link" to="/f/$form/$id" params={{ form: one.form, id: one.id }}>
        {form && <FormIcon form={form} />}
        <strong className="clip">{title}</strong>
        <span className="quiet">{label(form?.label)}</span>
        <time className="quiet num" dateTime={one.at}>
          {t('followed.since', { ago: ago(one.at, i18n.language) })}
        </time>
      </Link>
      <button
        type="button"
        className="plain icon follow"
        aria-pressed={standing?.following}
        aria-label={t('followed.name', { name: title })}
        title={t(standing?.following ? 'follow.end' : 'follow.begin')}
        disabled={change.isPending}
        onClick={() => change.mutate(!standing?.following)}
      >
        {standing?.following ? <StarFilled aria-hidden="true" /> : <StarOutlined aria-hidden="true" />}
      </button>
    </li>
  );
}
