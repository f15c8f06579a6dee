// Records on the days of a month or a week; dragged to another day, they move there. On a phone: the days one after
// the other.
import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type ListQuery, listRecords, type RecordView } from '../api';
import { useLabel } from '../meta';
import { usePhone } from '../theme/phone';
import { useMove } from './board';
import { Agenda, Days } from './CalendarDays';
import { dateField, daysOf, laidOut, movedTo, type Span, today, turned, withinFilter } from './calendar';
import { useChanged } from './changes';
import { ListFault, ListStuck } from './ListEmpty';
import type { ListProps } from './listProps';
import './calendar.css';

/** How many records are asked for at once, and how often; more than these are told of. */
const page = 200;
const pages = 5;
const none: RecordView[] = [];

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
  const [move, dialog] = useMove(form, field?.key ?? '');
  const records = useChanged(form.key, query.data?.records ?? none);
  if (!field) {
    return <ListStuck text={t('calendar.noField')} onLeave={() => set({ view: undefined })} />;
  }
  if (query.isError) return <ListFault error={query.error} form={form} />;
  const laid = laidOut(field, records, days);
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
      {dialog}
    </div>
  );
}
