// One lane of a board with its cards.
import { EllipsisOutlined } from '@ant-design/icons';
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordView } from '../api';
import type { Column } from '../grid/columns';
import { type Field, type FieldDef, type Form, type Option, short, symbolOf, useLabel } from '../meta';
import { Pop } from '../shell/Pop';
import { toneOf } from '../theme/palette';
import { type LaneSums, laneFilter, type Move, placeOf, standing } from './board';
import { CardFace } from './CardList';
import { useChanges } from './changes';
import { Fault } from './Fault';
import { type ListQuestion, useAskAgain, useRecords } from './useRecords';

interface Props {
  form: Form;
  group: Field;
  option: Option | undefined;
  options: Option[];
  columns: Column[];
  question: ListQuestion;
  sums: LaneSums;
  amountDef: FieldDef | undefined;
  movable: boolean;
  /** How many should stand here at most. */
  limit?: number;
  onOpen: (id: string) => void;
  onMove: Move;
}

export function BoardLane(props: Props) {
  const { group, option, columns, question, sums, amountDef, limit, onMove } = props;
  const { t, i18n } = useTranslation();
  const label = useLabel();
  const lane = useRef<HTMLElement>(null);
  const [over, setOver] = useState(false);
  const { records: loaded, query } = useRecords({
    ...question,
    filter: laneFilter(group.key, option?.value, question.filter),
    limit: 30,
  });
  const records = standing({
    records: loaded,
    changes: useChanges(props.form.key),
    group: group.key,
    value: option?.value,
    place: placeOf(question),
    at: query.dataUpdatedAt,
  });
  const sum = sums.by?.get(option?.value ?? '');
  const count = sums.by && (sum?.count ?? 0);
  const isOver = limit !== undefined && (count ?? 0) > limit;
  const error = query.error ?? sums.error;
  const name = option ? label(option.label) : t('board.none');
  const retry = useAskAgain(props.form.key);
  const move = useRef(onMove);
  move.current = onMove;

  useEffect(() => {
    if (!lane.current || !option) return;
    return dropTargetForElements({
      element: lane.current,
      getIsSticky: () => true,
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: ({ source }) => {
        setOver(false);
        void move.current(source.data.record as RecordView, option.value);
      },
    });
  }, [option]);

  return (
    <section ref={lane} className={over ? 'lane over' : 'lane'} aria-label={name}>
      <header>
        <span className={`dot ${toneOf(option?.color)}`} aria-hidden="true" />
        <h2>{name}</h2>
        <span
          className={isOver ? 'over-limit num' : 'quiet num'}
          title={limit ? t('board.limit', { limit }) : undefined}
        >
          {limit && count !== undefined ? `${count} / ${limit}` : count}
          {isOver && <span> {t('board.over')}</span>}
        </span>
        {sum?.amount && (
          <span className="sum num">
            {symbolOf(amountDef?.['x-currency']) + short(Number(sum.amount), i18n.language)}
          </span>
        )}
      </header>
      {Boolean(error) && <Fault error={error} onRetry={retry} />}
      <ul className="lane-cards" tabIndex={-1}>
        {records.map((record) => (
          <BoardCard
            key={record.id}
            {...props}
            record={record}
            columns={columns.filter((column) => column.key !== group.key)}
          />
        ))}
        {query.hasNextPage && (
          <li>
            <button type="button" className="plain more-cards" onClick={() => query.fetchNextPage()}>
              {t('board.moreCards')}
            </button>
          </li>
        )}
      </ul>
    </section>
  );
}

function BoardCard({ record, columns, option, options, movable, onOpen, onMove }: Props & { record: RecordView }) {
  const { t } = useTranslation();
  const label = useLabel();
  const card = useRef<HTMLLIElement>(null);
  const [dragging, setDragging] = useState(false);
  const can = movable && record.rights.update;

  useEffect(() => {
    if (!card.current || !can) return;
    return draggable({
      element: card.current,
      getInitialData: () => ({ record }),
      onDragStart: () => setDragging(true),
      onDrop: () => setDragging(false),
    });
  }, [record, can]);

  return (
    <li ref={card} className={dragging ? 'board-card dragging' : 'board-card'} data-record={record.id}>
      <button type="button" className="card-row" onClick={() => onOpen(record.id)}>
        <CardFace record={record} columns={columns} compact />
      </button>
      {can && (
        <span className="card-menu">
          <Pop label={t('board.move')} className="plain icon" button={<EllipsisOutlined />}>
            {(close) => (
              <div className="move-menu">
                {options
                  .filter((to) => to.value !== option?.value && !to.off)
                  .map((to) => (
                    <button
                      key={to.value}
                      type="button"
                      className="plain"
                      onClick={() => {
                        close();
                        void onMove(record, to.value);
                      }}
                    >
                      <span className={`dot ${toneOf(to.color)}`} aria-hidden="true" />{' '}
                      {t('stage.to', { name: label(to.label) })}
                    </button>
                  ))}
              </div>
            )}
          </Pop>
        </span>
      )}
    </li>
  );
}
