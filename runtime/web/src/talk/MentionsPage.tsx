// The comments that mention me, the newest first; each leads to where it was said.
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { type Mention, mentionsOfMe, readNotifications } from '../api';
import { Person } from '../form/fields/reference';
import { ago, formOf, minute, useLabel, useWorld } from '../meta';
import { FormIcon } from '../shell/icons';
import { More } from '../shell/More';
import { say } from '../shell/toast';
import { Fault, useFaultText } from '../views/Fault';
import { useFilled } from './useFilled';
import '../views/views.css';
import './mentions.css';

const key = ['mentions'];

export function MentionsPage() {
  const { t } = useTranslation();
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => mentionsOfMe(pageParam, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  });
  const mentions = query.data?.pages.flatMap((page) => page.mentions) ?? [];
  useFilled(query, mentions.length);
  const read = useRead();
  useEffect(() => {
    document.title = t('mentions.title');
  }, [t]);
  return (
    <>
      <header className="head">
        <h1>{t('mentions.title')}</h1>
      </header>
      <main className="scroll mentions-page">
        {query.isError && <Fault error={query.error} onRetry={() => query.refetch()} />}
        {query.isSuccess && !mentions.length && !query.hasNextPage && (
          <div className="empty">
            <h2>{t('mentions.none')}</h2>
            <p>{t('mentions.noneText')}</p>
          </div>
        )}
        <ul className="mentions-list" aria-label={t('mentions.title')} aria-busy={query.isPending}>
          {mentions.map((one) => (
            <Line key={one.comment} one={one} onOpen={() => one.notice && read(one.notice)} />
          ))}
        </ul>
        <More query={query} />
      </main>
    </>
  );
}

/** What is opened is read, here as in the inbox. */
function useRead() {
  const client = useQueryClient();
  const faultText = useFaultText();
  const { mutate } = useMutation({
    mutationFn: (notice: string) => readNotifications({ ids: [notice] }),
    onSettled: () => Promise.all([key, ['notifications']].map((queryKey) => client.invalidateQueries({ queryKey }))),
    onError: (refused) => say({ text: faultText(refused), bad: true }),
  });
  return mutate;
}

function Line({ one, onOpen }: { one: Mention; onOpen: () => void }) {
  const { t, i18n } = useTranslation();
  const { catalog } = useWorld();
  const label = useLabel();
  const form = formOf(catalog, one.form);
  return (
    <li className={one.notice ? 'unread' : undefined}>
      <Link
        to="/f/$form/$id"
        params={{ form: one.form, id: one.id }}
        search={{ comment: one.comment }}
        onClick={onOpen}
      >
        <span className="mention-head">
          <Person person={one.by} />
          {one.notice && <span className="mention-new">{t('mentions.unread')}</span>}
          <time className="quiet num" dateTime={one.at} title={minute(one.at)}>
            {ago(one.at, i18n.language)}
          </time>
        </span>
        <span className={one.text ? 'mention-text' : 'mention-text quiet'}>{one.text || t('mentions.open')}</span>
        <span className="mention-of quiet">
          {form && <FormIcon form={form} />}
          <span className="clip">
            {label(form?.label)} · {one.title || t('record.untitled')}
          </span>
        </span>
      </Link>
    </li>
  );
}
