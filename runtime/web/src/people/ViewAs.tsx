// Asks as whom to see the app, why and for how long.
import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSending } from '../act/useSending';
import { beginViewing, type Ref, type Wire } from '../api';
import { isRef, Picker } from '../form/fields/reference';
import { sourceOf } from '../form/fields/source';
import { isTooLong, Length } from '../form/Length';
import { type FieldDef, useWorld } from '../meta';
import { FaultNotice } from '../shell/FaultNotice';
import { Sheet } from '../shell/Sheet';
import { SheetFoot } from '../shell/SheetFoot';

const person = { 'x-field': 'member' } as FieldDef;
/** What the server takes of a reason. */
const maxReason = 300;
const lasting = [5, 15, 30, 60];

export function ViewAs({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { me, catalog } = useWorld();
  const id = useId();
  const [whom, setWhom] = useState<Ref>();
  const [reason, setReason] = useState('');
  const [minutes, setMinutes] = useState(15);
  const { send, sending, fault } = useSending(async () => {
    if (!whom) return;
    await beginViewing({ user: whom.id, reason, minutes });
    window.location.assign('/');
  });

  const ready = whom && reason.trim() && !isTooLong(reason, maxReason);

  function submit(event: FormEvent) {
    event.preventDefault();
    send(undefined);
  }

  return (
    <Sheet title={t('viewAs.title')} onClose={onClose}>
      <form onSubmit={submit}>
        <div className="sheet-content">
          <p className="quiet">{t('viewAs.text')}</p>
          <div className="field wide">
            <label className="name" htmlFor={`${id}-whom`}>
              {t('viewAs.whom')}
            </label>
            <Picker
              id={`${id}-whom`}
              def={person}
              source={sourceOf(catalog, me.user.id, person)}
              many={false}
              value={whom ?? null}
              onChange={(next: Wire) => setWhom(isRef(next) ? next : undefined)}
            />
          </div>
          <div className="field wide">
            <label className="name" htmlFor={`${id}-why`}>
              {t('viewAs.reason')}
            </label>
            <textarea
              id={`${id}-why`}
              className="text-area"
              rows={2}
              aria-describedby={`${id}-length`}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
              required
            />
            <Length id={`${id}-length`} text={reason} max={maxReason} />
          </div>
          <div className="field wide">
            <label className="name" htmlFor={`${id}-long`}>
              {t('viewAs.minutes')}
            </label>
            <select
              id={`${id}-long`}
              className="text-input"
              value={minutes}
              onChange={(event) => setMinutes(Number(event.target.value))}
            >
              {lasting.map((count) => (
                <option key={count} value={count}>
                  {t('viewAs.minute', { count })}
                </option>
              ))}
            </select>
          </div>
          <FaultNotice>{fault}</FaultNotice>
        </div>
        <SheetFoot onClose={onClose}>
          <button
            type="submit"
            className="button primary"
            disabled={sending || !ready}
            title={ready ? undefined : t('viewAs.needs')}
          >
            {t('viewAs.begin')}
          </button>
        </SheetFoot>
      </form>
    </Sheet>
  );
}
