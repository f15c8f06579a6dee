// A list on a phone: a card for each record with what matters of it.
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordView } from '../api';
import { isRef, Person } from '../form/fields/reference';
import { isEmpty } from '../form/fields/ui';
import { type Column, useColumns, valueIn } from '../grid/columns';
import { SharedMark } from '../grid/SharedMark';
import { short, symbolOf, useLabel } from '../meta';
import { ListEmpty, ListFault } from './ListEmpty';
import type { ListProps } from './listProps';

export function CardList({ form, fields, control, list, open }: ListProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const columns = useColumns(form, fields);
  const end = useRef<HTMLDivElement>(null);
  const { hasNextPage, fetchNextPage, isError, isPending, error } = list.query;

  useEffect(() => {
    if (!end.current || !hasNextPage) return;
    const watch = new IntersectionObserver(([entry]) => entry?.isIntersecting && void fetchNextPage(), {
      rootMargin: '600px',
    });
    watch.observe(end.current);
    return () => watch.disconnect();
  }, [hasNextPage, fetchNextPage]);

  if (isError) return <ListFault error={error} form={form} />;
  if (!isPending && !list.records.length) return <ListEmpty form={form} control={control} />;
  return (
    <div className="scroll cards-scroll">
      <ul className="cards" aria-label={t('list.grid', { name: label(form.label) })} aria-busy={isPending}>
        {list.records.map((record) => (
          <li key={record.id}>
            <button type="button" className="card-row" onClick={() => open(record.id)}>
              <CardFace record={record} columns={columns} />
            </button>
          </li>
        ))}
      </ul>
      {isPending && <CardsWaiting />}
      <div ref={end} />
    </div>
  );
}

const isState = (column: Column) => ['stage', 'select'].includes(column.def['x-field']);

interface CardProps {
  record: RecordView;
  columns: Column[];
  /** On a board: people as their badge alone, amounts in 万. */
  compact?: boolean;
}

/** Title and state, then what it belongs to, then an amount with the rest. */
export function CardFace({ record, columns, compact }: CardProps) {
  const title = columns.find((column) => !isEmpty(valueIn(record, column.key)) && !isState(column)) ?? columns[0];
  const rest = columns.filter((column) => column !== title);
  const filled = rest.filter((column) => !isEmpty(valueIn(record, column.key)));
  const state = filled.find(isState);
  const amount = filled.find((column) => column.def['x-field'] === 'currency');
  const others = filled.filter((column) => column !== state && column !== amount);
  const second = others.find((column) => ['reference', 'anyref', 'text', 'multiline'].includes(column.def['x-field']));
  const tail = others.filter((column) => column !== second && isBrief(column)).slice(0, 2);
  const face = (column: Column | undefined) => column && <Face column={column} record={record} compact={compact} />;
  return (
    <>
      <span className="card-top">
        <strong className="clip">{face(title)}</strong>
        {record.shared && <SharedMark shared={record.shared} />}
        {face(state)}
      </span>
      {second && <span className="card-second">{face(second)}</span>}
      {(amount || tail.length > 0) && (
        <span className="card-tail">
          <span className="num">{face(amount)}</span>
          <span className="card-rest">
            {tail.map((column) => (
              <span key={column.key}>
                {named.has(column.def['x-field']) && (
                  <span className={compact ? 'sr' : 'card-name'}>{column.title} </span>
                )}
                {face(column)}
              </span>
            ))}
          </span>
        </span>
      )}
    </>
  );
}

/** Kinds whose values do not say what they are: one day beside another, a number. */
const named = new Set(['date', 'datetime', 'percent', 'number']);
const brief = new Set(['member', 'date', 'datetime', 'phone', 'percent', 'number', 'orgunit']);
const isBrief = (column: Column) => brief.has(column.def['x-field']);

function Face({ column, record, compact }: { column: Column; record: RecordView; compact?: boolean }) {
  const { i18n } = useTranslation();
  const value = valueIn(record, column.key);
  const kind = column.def['x-field'];
  if (compact && kind === 'member' && isRef(value)) return <Person person={value} bare />;
  if (compact && kind === 'currency' && !isEmpty(value)) {
    return <>{symbolOf(column.def['x-currency']) + short(Number(value), i18n.language)}</>;
  }
  if (compact && kind === 'date') return <>{String(value).slice(5)}</>;
  if (kind === 'phone') return <>{String(value)}</>;
  return <column.ui.Show def={column.def} value={value} />;
}

const six = [0, 1, 2, 3, 4, 5];

function CardsWaiting() {
  return (
    <div className="late cards" aria-hidden="true">
      {six.map((n) => (
        <div key={n} className="card-row">
          <div className="skeleton" style={{ height: 18, width: '60%' }} />
          <div className="skeleton" style={{ height: 14, width: '40%' }} />
        </div>
      ))}
    </div>
  );
}
