// Records on the days of a month or a week; dragged to another day, they move there. On a phone: the days one after
// the other.
import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MenuPop } from '../act/MenuPop';
import { type ListQuery, listRecords, type RecordView } from '../api';
import { useTitle } from '../form/title';
import { type Field, type Form, fieldOf, useLabel } from '../meta';
import { toneOf } from '../theme/palette';
import { usePhone } from '../theme/phone';
import { useMove } from './board';
import {
  dateField,
  daysOf,
  laidOut,
  movedTo,
  type Span,
  shifted,
  timeIn,
  today,
  turned,
  withinFilter,
} from './calendar';
import { ListFault } from './ListEmpty';
import type { ListProps } from './listProps';
import './calendar.css';

/** How many records are asked for at once, and how often; more than these are told of. */
const page = 200;
const pages = 5;
/** How many a day of a month shows before it asks. */
const few = 3;

async function allOf(form: string, question: ListQuery, signal: AbortSignal) {
  const records: RecordView[] = [];
  let after: string | undefined;
  for (let turn = 0; turn < pages; turn++) {
    const found = await listRecords(form, { ...question, limit: page, after }, signal);
    records.push(...found.records);
    after = found.next;
    if (!after) break;
  }
  return { records, more: Boolean(after) };
}

export function CalendarView({ form, control, question, open }: ListProps) {
  const { t, i18n } = useTranslation();
  const label = useLabel();
  const phone = usePhone();
  const { state, set } = control;
  const field = dateField(form, state.view);
  const at = /^\d{4}-\d{2}-\d{2}$/.test(state.at) ? state.at : today();
  const span: Span = state.span === 'week' ? 'week' : 'month';
  const days = daysOf(at, span);
  const asked = {
    ...question,
    sort: field?.key,
    filter: field ? withinFilter(field, days, question.filter) : undefined,
  };
  const { form: key, ...rest } = asked;
  const query = useQuery({
    queryKey: ['records', key, 'calendar', rest],
    queryFn: ({ signal }) => allOf(key, rest, signal),
    enabled: Boolean(field),
    placeholderData: (before) => before,
  });
  const move = useMove(form, field?.key ?? '');
  if (!field) {
    return <ListFault error={new Error(t('calendar.noField'))} onRetry={() => set({ view: undefined })} />;
  }
  if (query.isError) return <ListFault error={query.error} onRetry={() => query.refetch()} />;
  const laid = laidOut(field, query.data?.records ?? [], days);
  const name = new Intl.DateTimeFormat(i18n.language, { year: 'numeric', month: 'long', timeZone: 'UTC' });
  const go = (next: string) => set({ at: next }, true);
  const shift = (record: RecordView, from: string, to: string) =>
    void move(record, movedTo(field, record.values[field.key], from, to));
  const props = { form, field, at, span, days, laid, open, shift };
  return (
    <div className="calendar" aria-busy={query.isPending}>
      <div className="calendar-bar">
        <button
          type="button"
          className="plain icon"
          aria-label={t('calendar.before')}
          onClick={() => go(turned(at, span, -1))}
        >
          <LeftOutlined />
        </button>
        <button
          type="button"
          className="plain icon"
          aria-label={t('calendar.after')}
          onClick={() => go(turned(at, span, 1))}
        >
          <RightOutlined />
        </button>
        <h2 role="status">{name.format(new Date(`${span === 'week' ? days[3] : at}T00:00:00Z`))}</h2>
        <button type="button" className="button" onClick={() => go(today())}>
          {t('calendar.today')}
        </button>
        <div className="segments" role="group" aria-label={t('calendar.span')}>
          {(['month', 'week'] as const).map((one) => (
            <button key={one} type="button" aria-pressed={one === span} onClick={() => set({ span: one }, true)}>
              {t(`calendarSpan.${one}`)}
            </button>
          ))}
        </div>
        <span className="quiet">{label(field.definition['x-label'])}</span>
        {query.data?.more && <span className="quiet">{t('calendar.more', { count: page * pages })}</span>}
      </div>
      {phone ? <Agenda {...props} /> : <Days {...props} />}
    </div>
  );
}

interface DaysProps {
  form: Form;
  field: Field;
  at: string;
  span: Span;
  days: string[];
  laid: Map<string, RecordView[]>;
  open: (id: string) => void;
  shift: (record: RecordView, from: string, to: string) => void;
}

function Days(props: DaysProps) {
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

function Event({ form, field, record, day, open, shift }: DaysProps & { record: RecordView; day: string }) {
  const { t } = useTranslation();
  const title = useTitle(form)(record) || t('record.untitled');
  const element = useRef<HTMLLIElement>(null);
  const [dragged, setDragged] = useState(false);
  const movable = record.rights.update && !field.readOnly && !field.computed;
  const time = timeIn(field, record);

  useEffect(() => {
    if (!element.current || !movable) return;
    return draggable({
      element: element.current,
      getInitialData: () => ({ calendar: true, record, from: day }),
      onDragStart: () => setDragged(true),
      onDrop: () => setDragged(false),
    });
  }, [record, day, movable]);

  return (
    <li ref={element} className={`event ${toneIn(form, record)} ${dragged ? 'dragged' : ''}`}>
      <button type="button" className="event-open clip" onClick={() => open(record.id)} title={title}>
        {time && <span className="num quiet">{time} </span>}
        {title}
      </button>
      {movable && (
        <MenuPop label={t('calendar.move', { name: title })} className="plain icon event-menu">
          {(shut) => (
            <div className="action-menu">
              {([-7, -1, 1, 7] as const).map((by) => (
                <button
                  key={by}
                  type="button"
                  className="plain"
                  onClick={() => {
                    shut();
                    shift(record, day, shifted(day, by));
                  }}
                >
                  {t(`calendarMove.${by}`)}
                </button>
              ))}
            </div>
          )}
        </MenuPop>
      )}
    </li>
  );
}

/** The colour of its state, where the form has one. */
function toneIn(form: Form, record: RecordView): string {
  const state = form.fields.find((field) => ['stage', 'select'].includes(field.definition['x-field']));
  const field = state && fieldOf(form, state.key);
  const option = field?.definition['x-options']?.find((one) => one.value === record.values[field.key]);
  return toneOf(option?.color);
}

function Agenda(props: DaysProps) {
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
