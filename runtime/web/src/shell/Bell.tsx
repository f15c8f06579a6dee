// The bell: how much the person has not read, and what it is.
import { BellOutlined } from '@ant-design/icons';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { listNotifications, type Notification, readNotifications } from '../api';
import { useWorld } from '../meta';
import { ago } from '../meta/format';
import { useFaultText } from '../views/Fault';
import { Pop } from './Pop';
import { say } from './toast';
import './bell.css';

const key = ['notifications'];

function useNotifications() {
  return useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => listNotifications(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });
}

/** named: with its name below it, as tabs have. */
export function Bell({ named }: { named?: boolean }) {
  const { me } = useWorld();
  // Another person's messages are theirs alone.
  return me.viewing ? null : <OwnBell named={named} />;
}

function OwnBell({ named }: { named?: boolean }) {
  const { t } = useTranslation();
  const unread = useNotifications().data?.pages[0]?.unread;
  const count = unread?.value ?? 0;
  const shown = unread && !unread.exact ? `${count}+` : String(count);
  const button = (
    <>
      <span className="bell">
        <BellOutlined aria-hidden="true" />
        {count > 0 && <span className="bell-count" data-count={shown} aria-hidden="true" />}
      </span>
      {named && <span aria-hidden="true">{t('bell.name')}</span>}
    </>
  );
  return (
    <Pop button={button} className="plain bell-button" label={count > 0 ? t('bell.unread', { count }) : t('bell.name')}>
      {(close) => <Inbox close={close} />}
    </Pop>
  );
}

function Inbox({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const faultText = useFaultText();
  const { data, error, hasNextPage, fetchNextPage } = useNotifications();
  const read = useMutation({
    mutationFn: readNotifications,
    onSettled: () => client.invalidateQueries({ queryKey: key }),
    onError: (refused) => say({ text: faultText(refused), bad: true }),
  });
  const all = data?.pages.flatMap((page) => page.notifications) ?? [];
  function open(one: Notification) {
    if (!one.readAt) read.mutate({ ids: [one.id] });
    if (one.records.some((record) => record.id)) close();
  }
  return (
    <div className="inbox">
      <header>
        <strong>{t('bell.name')}</strong>
        {all.some((one) => !one.readAt) && (
          <button type="button" className="plain" onClick={() => read.mutate({ all: true })}>
            {t('bell.all')}
          </button>
        )}
      </header>
      {error && <p role="alert">{faultText(error)}</p>}
      {data && all.length === 0 && <p className="quiet">{t('bell.empty')}</p>}
      <ul>
        {all.map((one) => (
          <li key={one.id} className={one.readAt ? undefined : 'unread'}>
            <Said one={one} onOpen={() => open(one)} />
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <button type="button" className="plain" onClick={() => fetchNextPage()}>
          {t('bell.earlier')}
        </button>
      )}
    </div>
  );
}

/** One of one record leads to it; others list theirs. */
function Said({ one, onOpen }: { one: Notification; onOpen: () => void }) {
  const { i18n } = useTranslation();
  const seen = one.records.filter((record) => record.id);
  const [only] = seen;
  const text = (
    <>
      <span>{one.text}</span>
      <time dateTime={one.at} className="quiet">
        {ago(one.at, i18n.language)}
      </time>
    </>
  );
  if (one.count === 1 && only?.id) {
    return (
      <Link to="/f/$form/$id" params={{ form: only.form, id: only.id }} onClick={onOpen}>
        {text}
      </Link>
    );
  }
  return (
    <>
      <button type="button" className="plain" onClick={onOpen}>
        {text}
      </button>
      {one.count > 1 && (
        <ul>
          {seen.map((record) => (
            <li key={record.id}>
              <Link to="/f/$form/$id" params={{ form: record.form, id: record.id ?? '' }} onClick={onOpen}>
                {record.title || record.id}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
