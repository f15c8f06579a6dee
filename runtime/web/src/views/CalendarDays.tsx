// The days of a month or a week side by side; on a phone those with something on them, one after the other.
import { dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordView } from '../api';
import { type DaysProps, Event } from './CalendarEvent';
import { today } from './calendar';

/** How many a day of a month shows before it asks. */
const few = 3;

export function Days(props: DaysProps) {
  const { t, i18n } = useTranslation();
  const { days, span } = props;
  const name = new Intl.DateTimeFormat(i18n.language, { weekday: 'short', timeZone: 'UTC' });
  return (
    <section className={`days ${span}`} aria-label={t('calendar.name')}>
      {days.slice(0, 7).map((day) => (
        <span key={day} className="weekday quiet" aria-hidden="true">
          {name.format(new Date(`${day}T00:00:00Z`))}
        </span>
      ))}
      {days.map((day) => (
        <Day key={day} day={day} {...props} />
      ))}
    </section>
  );
}

function Day({ day, ...props }: DaysProps & { day: string }) {
  const { t } = useTranslation();
  const { laid, at, span, shift } = props;
  const cell = useRef<HTMLElement>(null);
  const [over, setOver] = useState(false);
  const [whole, setWhole] = useState(false);
  const records = laid.get(day) ?? [];
  const shown = whole || span === 'week' ? records : records.slice(0, few);
  const dropped = useRef(shift);
  dropped.current = shift;

  useEffect(() => {
    if (!cell.current) return;
    return dropTargetForElements({
      element: cell.current,
      canDrop: ({ source }) => 'calendar' in source.data,
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: ({ source }) => {
        setOver(false);
        const { record, from } = source.data as { record: RecordView; from: string } & Record<string, unknown>;
        if (from !== day) dropped.current(record, from, day);
      },
    });
  }, [day]);

  const classes = [
    'day',
    day === today() && 'today',
    span === 'month' && day.slice(0, 7) !== at.slice(0, 7) && 'other',
    over && 'over',
  ];
  return (
    <section ref={cell} className={classes.filter(Boolean).join(' ')} aria-label={day}>
      <span className="day-number num">{Number(day.slice(8))}</span>
      <ul>
        {shown.map((record) => (
          <Event key={record.id} record={record} day={day} {...props} />
        ))}
      </ul>
      {records.length > shown.length && (
        <button type="button" className="plain day-more" onClick={() => setWhole(true)}>
          {t('calendar.others', { count: records.length - shown.length })}
        </button>
      )}
    </section>
  );
}

export function Agenda(props: DaysProps) {
  const { t, i18n } = useTranslation();
  const { days, laid, at, span } = props;
  const name = new Intl.DateTimeFormat(i18n.language, {
    month: 'numeric',
    day: 'numeric',
    weekday: 'short',
    timeZone: 'UTC',
  });
  const filled = days.filter((day) => laid.get(day)?.length && (span === 'week' || day.slice(0, 7) === at.slice(0, 7)));
  if (!filled.length) return <p className="empty quiet">{t('calendar.nothing')}</p>;
  return (
    <div className="scroll agenda">
      {filled.map((day) => (
        <section key={day} aria-label={day}>
          <h3 className={day === today() ? 'num today' : 'num'}>{name.format(new Date(`${day}T00:00:00Z`))}</h3>
          <ul>
            {laid.get(day)?.map((record) => (
              <Event key={record.id} record={record} day={day} {...props} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
