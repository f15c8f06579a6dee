// A new password of one's own. The server ends every session at the change, this one too, so the form signs in again with
// the new password and the person works on; elsewhere they sign in anew.
import { type FormEvent, type ReactNode, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, changePassword, login, type Me } from '../api';
import { FaultNotice } from './FaultNotice';

interface Props {
  me: Me;
  /** The password is changed. The session is new, or over where signing in again has failed. */
  onChanged: () => Promise<void>;
  head?: ReactNode;
  foot?: ReactNode;
}

type Part = 'current' | 'new' | 'again';
type Faults = Partial<Record<Part | 'form', string>>;

const parts = ['current', 'new', 'again'] as const;

/** faultsOf lays a problem document's errors at the inputs, and what fits none of them at the form. */
function faultsOf(error: unknown, unheard: string): Faults {
  if (!(error instanceof ApiError) || !error.message) return { form: unheard };
  const faults: Faults = {};
  for (const { path, message } of error.problem.errors ?? []) {
    const part = parts.find((name) => path === `/${name}`) ?? 'form';
    faults[part] ??= message;
  }
  return Object.keys(faults).length ? faults : { form: error.message };
}

export function PasswordForm({ me, onChanged, head, foot }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const sending = useRef(false);
  const [busy, setBusy] = useState(false);
  const [values, setValues] = useState<Record<Part, string>>({ current: '', new: '', again: '' });
  const [faults, setFaults] = useState<Faults>({});

  function refuse(found: Faults) {
    setFaults(found);
    const first = parts.find((part) => found[part]);
    if (first) form.current?.querySelector<HTMLInputElement>(`[name="${first}"]`)?.focus();
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (sending.current) return;
    if (values.new !== values.again) return refuse({ again: t('password.differs') });
    sending.current = true;
    setBusy(true);
    setFaults({});
    try {
      await changePassword({ current: values.current, new: values.new });
      // Where this fails the password is changed all the same: the door asks for it.
      await login({ tenant: me.tenant, username: me.user.username, password: values.new }).catch(() => undefined);
      await onChanged();
    } catch (error) {
      refuse(faultsOf(error, t('session.noServer')));
    } finally {
      sending.current = false;
      setBusy(false);
    }
  }

  const names: Record<Part, string> = {
    current: t('password.current'),
    new: t('password.new'),
    again: t('password.again'),
  };
  return (
    <form ref={form} className="password-form" onSubmit={submit}>
      {head}
      {/* For password managers, which keep a password beside its user name. */}
      <input type="text" autoComplete="username" value={me.user.username} readOnly hidden />
      {parts.map((part) => {
        const described = [part === 'new' && `${id}-rules`, faults[part] && `${id}-${part}-fault`].filter(Boolean);
        return (
          <div key={part} className="password-part">
            <label htmlFor={`${id}-${part}`}>{names[part]}</label>
            <input
              className="text-input"
              id={`${id}-${part}`}
              name={part}
              type="password"
              value={values[part]}
              onChange={(event) => setValues({ ...values, [part]: event.target.value })}
              autoComplete={part === 'current' ? 'current-password' : 'new-password'}
              aria-invalid={Boolean(faults[part])}
              aria-describedby={described.join(' ') || undefined}
              autoFocus={part === 'current'}
              required
            />
            {part === 'new' && (
              <small id={`${id}-rules`} className="quiet">
                {t('password.rules')}
              </small>
            )}
            {faults[part] && (
              <small id={`${id}-${part}-fault`} className="fault" role="alert">
                {faults[part]}
              </small>
            )}
          </div>
        );
      })}
      <p className="quiet">{t('password.elsewhere')}</p>
      <FaultNotice>{faults.form}</FaultNotice>
      <button className="button primary large" type="submit" disabled={busy}>
        {t('password.change')}
      </button>
      {foot}
    </form>
  );
}
