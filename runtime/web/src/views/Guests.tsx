// With whom a record is shared, and how it came to whoever looks.
import { ApartmentOutlined, CloseOutlined, UserOutlined } from '@ant-design/icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCarryOut } from '../act/useAct';
import { type Guest, newKey, type RecordView, type SharedWith } from '../api';
import { type Form, minute, useWorld } from '../meta';
import { say } from '../shell/toast';
import { useFaultText } from './Fault';

/** The day to whose end something is shared; its last minute, where it ends within a day. */
function lastDay(until: string) {
  const end = minute(until);
  return end.endsWith('00:00') ? minute(new Date(Date.parse(until) - 1).toISOString()).slice(0, 10) : end;
}

interface Props {
  form: Form;
  record: RecordView;
  shared: SharedWith;
  onGone: () => void;
}

export function Guests({ form, record, shared, onGone }: Props) {
  const { t } = useTranslation();
  const { me } = useWorld();
  const text = useFaultText();
  const carryOut = useCarryOut(form, onGone);
  const [busy, setBusy] = useState(false);
  const { actions } = record.rights;
  const unshare = form.actions?.find((one) => one.key === 'unshare' && actions.includes(one.key));
  // Who is no guest has it offered for all of them.
  const mayEnd = (guest: Guest) =>
    actions.includes('share') || !shared.mine || (guest.kind === 'person' && guest.id === me.user.id);

  async function end(guest: Guest) {
    if (!unshare || busy) return;
    setBusy(true);
    try {
      await carryOut(unshare, record, { args: { [guest.kind]: guest.id } }, newKey());
    } catch (error) {
      say({ text: text(error), bad: true });
    } finally {
      setBusy(false);
    }
  }

  return (
    <section className="guests" aria-label={t('share.with')}>
      {shared.for && <p>{t('share.standsIn', { name: shared.for.title })}</p>}
      {shared.mine && <p>{t(`shareMine.${shared.mine}`)}</p>}
      {shared.with.length > 0 && (
        <ul>
          <li className="quiet">{t('share.with')}</li>
          {shared.with.map((guest) => (
            <li
              key={`${guest.kind} ${guest.id}`}
              className="guest"
              title={t('share.by', { name: guest.by.title, at: minute(guest.at) })}
            >
              {guest.kind === 'unit' ? <ApartmentOutlined aria-hidden="true" /> : <UserOutlined aria-hidden="true" />}
              <span>{guest.title}</span>
              <span className="quiet">
                {t(`shareHow.${guest.how}`)}
                {guest.until && ` · ${t('share.until', { at: lastDay(guest.until) })}`}
              </span>
              {unshare && mayEnd(guest) && (
                <button
                  type="button"
                  className="plain icon"
                  disabled={busy}
                  aria-label={t('share.end', { name: guest.title })}
                  title={t('share.end', { name: guest.title })}
                  onClick={() => void end(guest)}
                >
                  <CloseOutlined />
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
