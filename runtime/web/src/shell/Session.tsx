// Who is signed in. When a session ends while somebody works, the page stays as it is behind the door, so that
// nothing typed is lost.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, call, onSessionEnd, whoAmI } from '../api';
import { type Catalog, WorldProvider } from '../meta';
import { SignIn } from './SignIn';

export function Session({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [ended, setEnded] = useState(false);
  const me = useQuery({ queryKey: ['me'], queryFn: whoAmI, staleTime: 60_000 });
  const catalog = useQuery({
    queryKey: ['catalog'],
    queryFn: () => call<Catalog>('/catalog'),
    enabled: me.isSuccess,
    staleTime: 60_000,
  });
  const world = useRef<{ me: typeof me.data; catalog: typeof catalog.data }>({ me: undefined, catalog: undefined });
  if (me.data && catalog.data) world.current = { me: me.data, catalog: catalog.data };

  useEffect(() => onSessionEnd(() => setEnded(true)), []);

  async function entered() {
    const before = world.current.me?.user.id;
    setEnded(false);
    const now = await client.fetchQuery({ queryKey: ['me'], queryFn: whoAmI, staleTime: 0 });
    if (before && before !== now.user.id) window.location.assign('/');
    await client.invalidateQueries();
  }

  const { me: person, catalog: metadata } = world.current;
  const out = me.error instanceof ApiError && me.error.status === 401;
  if (!person || !metadata) {
    if (out) return <SignIn onEntered={entered} />;
    return me.isError || catalog.isError ? <NoServer onRetry={() => client.resetQueries()} /> : <Opening />;
  }
  return (
    <WorldProvider value={{ me: person, catalog: metadata }}>
      {children}
      {ended && <Again onEntered={entered} />}
    </WorldProvider>
  );
}

function Again({ onEntered }: { onEntered: () => Promise<void> }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const { t } = useTranslation();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="again" aria-label={t('session.ended')} onCancel={(event) => event.preventDefault()}>
      <SignIn onEntered={onEntered} notice={t('session.ended')} />
    </dialog>
  );
}

function Opening() {
  const { t } = useTranslation();
  return (
    <div className="door late" role="status">
      <span className="sr">{t('session.opening')}</span>
      <div className="skeleton" style={{ width: 120, height: 6 }} />
    </div>
  );
}

function NoServer({ onRetry }: { onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <main className="door">
      <div className="card" role="alert">
        <h1>{t('session.noServer')}</h1>
        <p>{t('session.noServerText')}</p>
        <button type="button" className="plain on" onClick={onRetry}>
          {t('action.retry')}
        </button>
      </div>
    </main>
  );
}
