// Who is signed in. When a session ends while somebody works, the page stays as it is behind the door, so that
// nothing typed is lost.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, call, onSessionEnd, whoAmI } from '../api';
import { type Catalog, keepTime, WorldProvider } from '../meta';
import { keepBrand } from '../theme/brand';
import { Entered } from './entered';
import { MustChange } from './MustChange';
import { SignIn } from './SignIn';

export function Session({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [ended, setEnded] = useState(false);
  const me = useQuery({ queryKey: ['me'], queryFn: askWho, staleTime: 60_000 });
  const catalog = useQuery({
    queryKey: ['catalog'],
    queryFn: () => call<Catalog>('/catalog'),
    enabled: me.isSuccess && !me.data.mustChangePassword,
    staleTime: 60_000,
  });
  const world = useRef<{ me: typeof me.data; catalog: typeof catalog.data }>({ me: undefined, catalog: undefined });
  const must = me.data?.mustChangePassword ? me.data : undefined;
  if (me.data && !must && catalog.data) world.current = { me: me.data, catalog: catalog.data };

  useEffect(() => onSessionEnd(() => setEnded(true)), []);

  async function entered() {
    const before = world.current.me?.user.id;
    setEnded(false);
    const now = await client.fetchQuery({ queryKey: ['me'], queryFn: askWho, staleTime: 0 });
    if (before && before !== now.user.id) window.location.assign('/');
    if (!now.mustChangePassword) await client.invalidateQueries();
  }

  const { me: person, catalog: metadata } = world.current;
  useEffect(() => {
    if (person && metadata) keepBrand(person.tenant, metadata.brand);
  }, [person, metadata]);
  const out = me.error instanceof ApiError && me.error.status === 401;
  if (!person || !metadata) {
    // Asking anew who it is, when the window has the focus again, must not take the door away while somebody types.
    if (out || ended) return <SignIn onEntered={entered} />;
    if (must) return <MustChange me={must} onChanged={entered} />;
    return me.isError || catalog.isError ? <NoServer onRetry={() => client.resetQueries()} /> : <Opening />;
  }
  return (
    <WorldProvider value={{ me: person, catalog: metadata }}>
      <Entered value={entered}>{children}</Entered>
      {ended && (
        <Door label={t('session.ended')}>
          <SignIn onEntered={entered} notice={t('session.ended')} />
        </Door>
      )}
      {must && !ended && (
        <Door label={t('password.choose')}>
          <MustChange me={must} onChanged={entered} />
        </Door>
      )}
    </WorldProvider>
  );
}

async function askWho() {
  const me = await whoAmI();
  keepTime(me.zone);
  return me;
}

/** A door before the page, which stays as it is behind it. */
function Door({ label, children }: { label: string; children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="again" aria-label={label} onCancel={(event) => event.preventDefault()}>
      {children}
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
