// The heads of the columns: their names, the order, their widths.
import { ArrowDownOutlined, ArrowUpOutlined } from '@ant-design/icons';
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import type { ReactTable } from '@tanstack/react-table';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordView } from '../api';
import type { Column, features } from './columns';
import { pinOf } from './lines';

export interface Sorting {
  field: string;
  down: boolean;
}

export interface HeadControl {
  sort: Sorting[];
  onSort: (field: string, add: boolean) => void;
  isSortable: (field: string) => boolean;
  /** A column was dropped on another one; the menu of columns does the same by keys. */
  onMoveColumn?: (moved: string, to: string) => void;
}

interface Props extends HeadControl {
  columns: Column[];
  records: RecordView[];
  selected: Set<string>;
  onSelect: (selected: Set<string>) => void;
  onWidths: (widths: Record<string, number>) => void;
  widths: Record<string, number>;
  table: ReactTable<typeof features, RecordView>;
  place: { row: number; column: number };
  pinned: number;
}

const step = 16;

export function HeadRow(props: Props) {
  const { columns, records, selected, onSelect, sort } = props;
  const { t } = useTranslation();
  const all = records.length > 0 && records.every((record) => selected.has(record.id));
  return (
    <div role="rowgroup" className="grid-head">
      <div role="row" aria-rowindex={1} className="grid-row">
        <span role="columnheader" className="check">
          <input
            type="checkbox"
            checked={all}
            ref={(input) => {
              if (input) input.indeterminate = selected.size > 0 && !all;
            }}
            onChange={() => onSelect(all ? new Set() : new Set(records.map((record) => record.id)))}
            aria-label={t('list.selectAll')}
          />
        </span>
        {columns.map((column, index) => (
          <Head
            key={column.key}
            {...props}
            column={column}
            index={index}
            sorted={sort.find((s) => s.field === column.key)}
          />
        ))}
      </div>
    </div>
  );
}

function Head({
  column,
  index,
  sorted,
  table,
  place,
  onSort,
  isSortable,
  onWidths,
  widths,
  pinned,
  onMoveColumn,
}: Props & { column: Column; index: number; sorted?: Sorting }) {
  const { t } = useTranslation();
  const { head, button, over } = useDragged(column.key, onMoveColumn);
  const header = table.getFlatHeaders().find((one) => one.id === column.key);
  const can = isSortable(column.key);
  const size = table.getColumn(column.key)?.getSize() ?? column.ui.width;

  function onKey(event: KeyboardEvent) {
    const change = { ArrowLeft: -step, ArrowRight: step }[event.key];
    if (!change) return;
    event.preventDefault();
    event.stopPropagation();
    onWidths({ ...widths, [column.key]: Math.max(64, size + change) });
  }

  return (
    <span
      ref={head}
      role="columnheader"
      aria-sort={sorted ? (sorted.down ? 'descending' : 'ascending') : can ? 'none' : undefined}
      className={[column.ui.numeric ? 'right' : '', over ? 'drop' : ''].join(' ').trim()}
      {...pinOf(index, pinned)}
    >
      <button
        ref={button}
        type="button"
        className="column-head"
        tabIndex={place.row === -1 && place.column === index ? 0 : -1}
        data-at={`-1:${index}`}
        aria-disabled={!can}
        title={can ? t('list.sortBy', { name: column.title }) : column.title}
        onClick={(event) => can && onSort(column.key, event.shiftKey)}
      >
        <span className="clip">{column.title}</span>
        {sorted && (sorted.down ? <ArrowDownOutlined aria-hidden="true" /> : <ArrowUpOutlined aria-hidden="true" />)}
      </button>
      <span
        role="separator"
        aria-orientation="vertical"
        aria-label={t('list.width', { name: column.title })}
        aria-valuenow={size}
        aria-valuemin={64}
        aria-valuemax={800}
        className="resize"
        tabIndex={-1}
        onKeyDown={onKey}
        onMouseDown={header?.getResizeHandler()}
        onTouchStart={header?.getResizeHandler()}
        onDoubleClick={() => {
          const { [column.key]: _gone, ...rest } = widths;
          onWidths(rest);
        }}
      />
    </span>
  );
}

/** Lets a head be dragged by its name onto another one. */
function useDragged(key: string, onMoveColumn: HeadControl['onMoveColumn']) {
  const head = useRef<HTMLSpanElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const [over, setOver] = useState(false);
  const move = useRef(onMoveColumn);
  move.current = onMoveColumn;
  const can = Boolean(onMoveColumn);
  useEffect(() => {
    if (!can || !head.current || !button.current) return;
    const element = head.current;
    const row = element.parentElement;
    const stops = [
      draggable({ element, dragHandle: button.current, getInitialData: () => ({ row, column: key }) }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => source.data.row === row && source.data.column !== key,
        onDragEnter: () => setOver(true),
        onDragLeave: () => setOver(false),
        onDrop: ({ source }) => {
          setOver(false);
          move.current?.(String(source.data.column), key);
        },
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [key, can]);
  return { head, button, over };
}
