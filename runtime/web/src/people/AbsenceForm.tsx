// One more absence: from when until when, and who stands in.
import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Ref, Wire } from '../api';
import { isRef, Picker } from '../form/fields/reference';
import { sourceOf } from '../form/fields/source';
import { type FieldDef, useWorld } from '../meta';

export interface Stretch {
  from: string;
  to: string;
  deputy?: Ref;
}

const person = { 'x-field': 'member' } as FieldDef;

interface Props {
  busy: boolean;
  /** Whether it was kept: then the form is empty again. */
  onAdd: (one: Stretch) => Promise<boolean>;
}

export function AbsenceForm({ busy, onAdd }: Props) {
  const { t } = useTranslation();
  const { me, catalog } = useWorld();
  const id = useId();
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [deputy, setDeputy] = useState<Ref>();

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!(await onAdd({ from, to, deputy }))) return;
    setFrom('');
    setTo('');
    setDeputy(undefined);
  }

  return (
    <form className="absence-form" onSubmit={submit} aria-label={t('absence.add')}>
      <h2>{t('absence.add')}</h2>
      <div className="absence-parts">
        <label htmlFor={`${id}-from`}>
          <span className="name">{t('absence.from')}</span>
          <input
            id={`${id}-from`}
            className="text-input"
            type="date"
            value={from}
            max={to || undefined}
            onChange={(event) => setFrom(event.target.value)}
            required
          />
        </label>
        <label htmlFor={`${id}-to`}>
          <span className="name">{t('absence.to')}</span>
          <input
            id={`${id}-to`}
            className="text-input"
            type="date"
            value={to}
            min={from || undefined}
            onChange={(event) => setTo(event.target.value)}
            required
          />
        </label>
        <div>
          <label className="name" htmlFor={`${id}-deputy`}>
            {t('absence.deputy')}
          </label>
          <Picker
            id={`${id}-deputy`}
            def={person}
            source={sourceOf(catalog, me.user.id, person)}
            many={false}
            value={deputy ?? null}
            onChange={(next: Wire) => setDeputy(isRef(next) ? next : undefined)}
          />
        </div>
        <button type="submit" className="button primary" disabled={busy}>
          {t('absence.keep')}
        </button>
      </div>
      <p className="quiet">{t('absence.text')}</p>
    </form>
  );
}
