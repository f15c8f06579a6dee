// What is overdue, what is for today and what comes later; one tap says that a record is done with.
import { CheckOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import type { RecordView } from '../api';
import { useTitle } from '../form/title';
import { type Column, useColumns } from '../grid/columns';
import { type Field, type Form, fieldOf } from '../meta';
import { type Move, useMove } from './board';
import { CardFace } from './CardList';
import { shifted, today, withinFilter } from './calendar';
import { ListEmpty, ListFault, ListStuck } from './ListEmpty';
import type { ListProps } from './listProps';
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
  if (!due || !dates.includes(due.definition['x-field'])) {
    return <ListStuck text={t('agenda.noField')} onLeave={() => control.set({ view: undefined })} />;
  }
  if (list.query.isError) return <ListFault error={list.query.error} onRetry={() => list.query.refetch()} />;
  if (!list.query.isPending && !list.records.length) return <ListEmpty form={form} control={control} />;
  return (
    <div className="scroll agenda">
      {parts.map((part) => (
        <AgendaPart key={part} {...props} part={part} due={due} done={done} />
      ))}
    </div>
  );
}

/** What finds the records of a part, as a filter of the server. */
export function partFilter(part: Part, due: Field, filter: string | undefined): string {
  const day = today();
  const within = (from: string, to: string) => withinFilter(due, [from, to], filter);
  if (part === 'overdue') return within('0001-01-01', shifted(day, -1));
  if (part === 'today') return within(day, day);
  if (part === 'later') return within(shifted(day, 1), '9998-12-31');
  const undated = { field: due.key, op: 'empty' };
  return JSON.stringify(filter ? { and: [undated, JSON.parse(filter) as unknown] } : undated);
}

type PartProps = ListProps & { part: Part; due: Field; done?: Field };

function AgendaPart({ form, fields, question, open, part, due, done }: PartProps) {
  const { t } = useTranslation();
  const sort = part === 'undated' ? undefined : (question.sort ?? due.key);
  const { query, records, count } = useRecords({ ...question, sort, filter: partFilter(part, due, question.filter) });
  const columns = useColumns(
    form,
    fields.filter((field) => field.key !== done?.key),
  );
  const tick = useMove(form, done?.key ?? '', t('agenda.ticked'));
  if (query.isError) return <ListFault error={query.error} onRetry={() => query.refetch()} />;
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
