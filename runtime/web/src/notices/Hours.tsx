// When the day's notifications come together, and the hours in which nothing is sent.
import { useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { NoticeChoices } from '../api';

interface Props {
  chosen: NoticeChoices;
  /** Whose clocks the times are by. */
  zone: string;
  onChoose: (next: NoticeChoices) => void;
}

/** What quiet hours begin as. */
const night = { from: '22:00', to: '08:00' };

export function Hours({ chosen, zone, onChoose }: Props) {
  const { t } = useTranslation();
  const { digestAt, quiet } = chosen;
  return (
    <section className="choice-hours" aria-label={t('notices.hours')}>
      <h2>{t('notices.hours')}</h2>
      <Clock name={t('notices.digestAt')} value={digestAt} onChoose={(at) => onChoose({ ...chosen, digestAt: at })} />
      <label className="tick">
        <input
          type="checkbox"
          checked={Boolean(quiet)}
          onChange={(event) => onChoose({ ...chosen, quiet: event.target.checked ? night : undefined })}
        />{' '}
        {t('notices.quiet')}
      </label>
      {quiet && (
        <div className="choice-span">
          <Clock
            name={t('notices.from')}
            value={quiet.from}
            onChoose={(from) => onChoose({ ...chosen, quiet: { ...quiet, from } })}
          />
          <Clock
            name={t('notices.to')}
            value={quiet.to}
            onChoose={(to) => onChoose({ ...chosen, quiet: { ...quiet, to } })}
          />
        </div>
      )}
      <p className="quiet">{t('notices.quietText', { zone })}</p>
    </section>
  );
}

interface ClockProps {
  name: string;
  value: string;
  onChoose: (value: string) => void;
}

/** A time that is kept once the input is left: while it is typed it is another one at each key. */
function Clock({ name, value, onChoose }: ClockProps) {
  const id = useId();
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  function leave() {
    if (typed && typed !== value) onChoose(typed);
    else setTyped(value);
  }
  return (
    <div className="choice-clock">
      <label htmlFor={id}>{name}</label>
      <input
        id={id}
        className="text-input"
        type="time"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={leave}
      />
    </div>
  );
}
