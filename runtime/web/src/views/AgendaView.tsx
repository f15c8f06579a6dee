// What is overdue, what is for today and what comes later; one tap says that a record is done with.
import { CheckOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import type { RecordView } from '../api';
import { useTitle } from '../form/title';
import { type Column, useColumns } from '../grid/columns';
import { type Field, type Form, fieldOf, instantOf } from '../meta';
import { type Move, useMove } from './board';
import { CardFace } from './CardList';
import { shifted } from './calendar';
import { ListEmpty, ListFault, ListStuck } from './ListEmpty';
import type { ListProps } from './listProps';
import { useMinute } from './useMinute';
import { useRecords } from './useRecords';
import './agenda.css';

const parts = ['overdue', 'today', 'later', 'undated'] as const;
type Part = (typeof parts)[number];

const dates = ['date', 'datetime'];

export function AgendaView(props: ListProps) {
  const { t } = useTranslation();
  const { form, control, list } = props;
  const due = fieldOf(form, control.state.view?.group ?? '');
  const done = fieldOf(form, control.state.view?.done ?? '');
  const minute = useMinute();
  const [tick, dialog] = useMove(form, done?.key ?? '', { said: t('agenda.ticked') });
  if (!due || !dates.includes(due.definition['x-field'])) {
    return <ListStuck text={t('agenda.noField')} onLeave={() => control.set({ view: undefined })} />;
  }
  if (list.query.isError) return <ListFault error={list.query.error} form={form} />;
  if (!list.query.isPending && !list.records.length) return <ListEmpty form={form} control={control} />;
  return (
    <div className="scroll agenda">
      {parts.map((part) => (
        <AgendaPart key={part} {...props} {...{ part, due, done, minute, tick }} />
      ))}
      {dialog}
    </div>
  );
}

/**
 * What finds the records of a part, as a filter of the server. What is due at a time is overdue from that minute on, what
 * is due on a day is so on the next.
 */
export function partFilter(part: Part, due: Field, filter: string | undefined, minute: string): string {
  const timed = due.definition['x-field'] === 'datetime';
  const at = (wall: string) => (timed ? instantOf(wall) : wall.slice(0, 10));
  const tomorrow = `${shifted(minute.slice(0, 10), 1)}T00:00:00`;
  const bounds = {
    overdue: [{ op: 'lt', value: at(minute) }],
    today: [
      { op: 'gte', value: at(minute) },
      { op: 'lt', value: at(tomorrow) },
    ],
    later: [{ op: 'gte', value: at(tomorrow) }],
    undated: [{ op: 'empty' }],
  }[part];
  const within = bounds.map((bound) => ({ field: due.key, ...bound }));
  return JSON.stringify({ and: [...within, ...(filter ? [JSON.parse(filter) as unknown] : [])] });
}

type PartProps = ListProps & { part: Part; due: Field; done?: Field; minute: string; tick: Move };

function AgendaPart({ form, fields, question, open, part, due, done, minute, tick }: PartProps) {
  const { t } = useTranslation();
  const sort = part === 'undated' ? undefined : (question.sort ?? due.key);
  const { query, records, count } = useRecords({
    ...question,
    sort,
    filter: partFilter(part, due, question.filter, minute),
  });
  const columns = useColumns(
    form,
    fields.filter((field) => field.key !== done?.key),
  );
  if (query.isError) return <ListFault error={query.error} form={form} />;
  if (!records.length) return null;
  return (
    <section className={`agenda-part ${part}`} aria-labelledby={`agenda-${part}`}>
      <h2 id={`agenda-${part}`}>
        {t(`agendaPart.${part}`)}{' '}
        <span className="quiet num">{count && (count.exact ? count.value : `${count.value}+`)}</span>
      </h2>
      <ul className="cards">
        {records.map((record) => (
          <AgendaRow key={record.id} {...{ form, record, columns, done, tick }} onOpen={() => open(record.id)} />
        ))}
      </ul>
      {query.hasNextPage && (
        <button
          type="button"
          className="plain"
          onClick={() => query.fetchNextPage()}
          disabled={query.isFetchingNextPage}
        >
          {t('agenda.more')}
        </button>
      )}
    </section>
  );
}

interface RowProps {
  form: Form;
  record: RecordView;
  columns: Column[];
  done?: Field;
  tick: Move;
  onOpen: () => void;
}

function AgendaRow({ form, record, columns, done, tick, onOpen }: RowProps) {
  const { t } = useTranslation();
  const name = useTitle(form)(record) || t('record.untitled');
  const ticked = done ? record.values[done.key] === true : false;
  return (
    <li className="agenda-row">
      {done && record.rights.update && !done.readOnly && !done.computed && (
        <button
          type="button"
          className="tick"
          aria-pressed={ticked}
          aria-label={t('agenda.done', { name })}
          title={t('agenda.done', { name })}
          onClick={() => void tick(record, !ticked)}
        >
          <CheckOutlined aria-hidden="true" />
        </button>
      )}
      <button type="button" className="card-row" onClick={onOpen}>
        <CardFace record={record} columns={columns} />
      </button>
    </li>
  );
}
