import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, login } from '../api';
import { useBrand } from '../theme/brand';
import { BrandMark } from './BrandMark';
import { FaultNotice } from './FaultNotice';
import { Languages } from './Languages';

interface Props {
  onEntered: () => Promise<void>;
  notice?: string;
}

const remembered = 'tw.tenant';

export function SignIn({ onEntered, notice }: Props) {
  const { t } = useTranslation();
  const [tenant, setTenant] = useState(() => localStorage.getItem(remembered) ?? '');
  const brand = useBrand(tenant);
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState('');

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setFault('');
    try {
      await login({ tenant, username, password });
      localStorage.setItem(remembered, tenant);
      await onEntered();
    } catch (error) {
      setFault(error instanceof ApiError && error.message ? error.message : t('session.noServer'));
    } finally {
      setBusy(false);
    }
  }

  return (
    <main className="door">
      <form onSubmit={submit}>
        <h1>
          <BrandMark brand={brand} />
        </h1>
        {notice && <p className="notice">{notice}</p>}
        <label htmlFor="tenant">
          {t('session.tenant')}
          <input
            className="text-input"
            id="tenant"
            value={tenant}
            onChange={(e) => setTenant(e.target.value)}
            autoComplete="organization"
            required
            autoFocus={!tenant}
          />
        </label>
        <label htmlFor="username">
          {t('session.username')}
          <input
            className="text-input"
            id="username"
            value={username}
            onChange={(e) => setUsername(e.target.value)}
            autoComplete="username"
            autoCapitalize="none"
            required
            autoFocus={Boolean(tenant)}
          />
        </label>
        <label htmlFor="password">
          {t('session.password')}
          <input
            className="text-input"
            id="password"
            type="password"
            value={password}
            onChange={(e) => setPassword(e.target.value)}
            autoComplete="current-password"
            required
          />
        </label>
        <FaultNotice>{fault}</FaultNotice>
        <button className="button primary large" type="submit" disabled={busy}>
          {t('session.enter')}
        </button>
        <div className="langs">
          <Languages />
        </div>
      </form>
    </main>
  );
}
