// One record of the grid. It is drawn anew only when something of its own has changed.
import { EditOutlined, MoreOutlined } from '@ant-design/icons';
import type { TFunction } from 'i18next';
import { memo, type RefObject, useState } from 'react';
import type { RecordView, Wire } from '../api';
import { type CellEditing, CellEditor } from './CellEditor';
import { type Column, valueIn } from './columns';
import { pinOf } from './lines';
import { SharedMark } from './SharedMark';
import type { Edited } from './useEdited';

interface RowProps {
  t: TFunction;
  locale: string;
  record: RecordView;
  index: number;
  top: number;
  columns: Column[];
  pinned: number;
  tab: number;
  selected: boolean;
  opened: boolean;
  /** The cell of it that is being edited. */
  edited: Edited | undefined;
  editing: CellEditing;
  acts: RefObject<RowActs>;
}

/** What rows ask of the grid. They hold a ref to it: a row that was not drawn anew must still ask for the newest. */
export interface RowActs {
  onEdit: (id: string, key: string) => void;
  onKeep: (record: RecordView, column: Column, value: Wire) => void;
  onEdited: (row: number, column: number, move: -1 | 0 | 1) => void;
  onOpen: (id: string) => void;
  /** The key is that of the cell it was asked for at, if it was at one. */
  onMenu?: (record: RecordView, at: { left: number; top: number }, key?: string) => void;
  onToggle: (id: string) => void;
}

/** The text is that of a cell that shows no more, "" where there is nothing to show. */
function classOf({ ui }: Column, text: string | undefined, canEdit: boolean): string | undefined {
  const classes = [];
  if (ui.numeric) classes.push('right');
  if (text !== undefined) classes.push('words');
  if (text && ui.plain === 'figures') classes.push('num');
  if (text === '') classes.push('quiet');
  if (canEdit) classes.push('editable');
  return classes.join(' ') || undefined;
}

export const Row = memo(
  function Row(props: RowProps) {
    const { t, locale, record, index, top, columns, pinned, tab, selected, opened, edited, editing, acts } = props;
    const [pointed, setPointed] = useState(false);
    return (
      <div
        role="row"
        aria-rowindex={index + 2}
        aria-selected={selected}
        aria-current={opened || undefined}
        className={opened ? 'grid-row opened' : 'grid-row'}
        style={{ transform: `translateY(${top}px)` }}
        onClick={() => acts.current.onOpen(record.id)}
        onKeyDown={undefined}
        onContextMenu={(event) => {
          if (!acts.current.onMenu || (event.target as Element).closest('input, textarea, a')) return;
          event.preventDefault();
          // By the keyboard it comes without a place: then it opens at the cell.
          const target = event.target as Element;
          const cell = target.getBoundingClientRect();
          const at = target.closest<HTMLElement>('[data-at]')?.dataset.at?.split(':')[1];
          acts.current.onMenu(
            record,
            event.clientX ? { left: event.clientX, top: event.clientY } : { left: cell.left, top: cell.bottom },
            columns[Number(at ?? -1)]?.key,
          );
        }}
        onMouseEnter={() => setPointed(true)}
        onMouseLeave={() => setPointed(false)}
      >
        <span role="gridcell" className="check" onClick={(event) => event.stopPropagation()} onKeyDown={undefined}>
          <input
            type="checkbox"
            tabIndex={-1}
            checked={selected}
            onChange={() => acts.current.onToggle(record.id)}
            aria-label={t('list.select', { number: index + 1 })}
          />
        </span>
        {columns.map((one, column) => {
          const { key, def, ui, title } = one;
          const isEdited = edited?.key === key;
          const shared = column === 0 ? record.shared : undefined;
          const text = ui.plain && !shared ? ui.text(valueIn(record, key), def, locale) : undefined;
          const canEdit = pointed && !isEdited && column > 0 && editing.can(record, one);
          return (
            <span
              key={key}
              role="gridcell"
              className={isEdited ? 'edited' : classOf(one, text, canEdit)}
              tabIndex={tab === column ? 0 : -1}
              data-at={`${index}:${column}`}
              {...pinOf(column, pinned)}
            >
              {isEdited ? (
                <CellEditor
                  key={String(edited.begun?.value)}
                  record={record}
                  column={one}
                  begun={edited.begun}
                  refused={edited.fault}
                  keep={(...kept) => acts.current.onKeep(...kept)}
                  onEnd={(move) => acts.current.onEdited(index, column, move)}
                />
              ) : text === undefined ? (
                <ui.Show def={def} value={valueIn(record, key)} />
              ) : (
                text || '—'
              )}
              {shared && <SharedMark shared={shared} />}
              {canEdit && (
                <button
                  type="button"
                  className="plain icon cell-edit"
                  tabIndex={-1}
                  aria-label={t('cell.edit', { name: title })}
                  title={t('cell.edit', { name: title })}
                  onClick={(event) => {
                    event.stopPropagation();
                    acts.current.onEdit(record.id, key);
                  }}
                >
                  <EditOutlined />
                </button>
              )}
            </span>
          );
        })}
        {pointed && acts.current.onMenu && (
          <span role="gridcell" className="row-menu">
            <button
              type="button"
              className="plain icon"
              tabIndex={-1}
              aria-label={t('act.more')}
              title={t('act.more')}
              onClick={(event) => {
                event.stopPropagation();
                const { left, bottom } = event.currentTarget.getBoundingClientRect();
                acts.current.onMenu?.(record, { left, top: bottom });
              }}
            >
              <MoreOutlined />
            </button>
          </span>
        )}
      </div>
    );
  },
  (a, b) =>
    a.t === b.t &&
    a.locale === b.locale &&
    a.record === b.record &&
    a.top === b.top &&
    a.columns === b.columns &&
    a.pinned === b.pinned &&
    a.tab === b.tab &&
    a.selected === b.selected &&
    a.opened === b.opened &&
    a.edited === b.edited &&
    a.editing === b.editing &&
    a.index === b.index,
);
