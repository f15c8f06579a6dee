// The table of a list: its own grid markup, virtual rows, the keyboard of a spreadsheet.
import { useTable } from '@tanstack/react-table';
import {
  type ClipboardEvent,
  type CSSProperties,
  type KeyboardEvent,
  type ReactNode,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordView } from '../api';
import { rowHeight, useLook } from '../theme/look';
import { Body } from './Body';
import { type CellEditing, isTypedInto } from './CellEditor';
import { type Column, defsOf, features, valueIn } from './columns';
import { type HeadControl, HeadRow } from './HeadRow';
import { checkWidth, type Grouping, linesOf, pinsOf } from './lines';
import type { RowActs } from './Row';
import { type Edited, useEdited } from './useEdited';
import './grid.css';

export interface GridProps extends HeadControl {
  label: string;
  columns: Column[];
  records: RecordView[];
  /** How many there are in all, -1 for unknown. */
  total: number;
  loading: boolean;
  selected: Set<string>;
  onSelect: (selected: Set<string>) => void;
  onOpen: (id: string) => void;
  /** Opens a record's menu at a place on the screen. */
  onMenu?: RowActs['onMenu'];
  onEnd: () => void;
  opened?: string;
  widths: Record<string, number>;
  onWidths: (widths: Record<string, number>) => void;
  empty: ReactNode;
  /** How cells are changed in their place. */
  editing: CellEditing;
  /** How many columns stay at the left: the first unless it is said. */
  pinned?: number;
  /** Records that stand together: the rows are its lines then. */
  grouping?: Grouping;
  /** Cells were pasted, from a place on to the right and downwards. */
  onPaste?: (text: string, at: { record: RecordView; column: Column }) => void;
}

export function Grid(props: GridProps) {
  const { i18n } = useTranslation();
  const { columns, records, widths, onWidths, onEnd, loading, label, grouping, pinned = 1 } = props;
  const lines = useMemo(() => grouping?.lines ?? linesOf(records), [grouping, records]);
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const reach = useRef<(row: number) => void>(() => undefined);
  const { density } = useLook();
  const [place, setPlace] = useState({ row: 0, column: 0 });
  const { edited, setEdited, keep } = useEdited(props.editing);
  const defs = useMemo(() => defsOf(columns), [columns]);
  const table = useTable({
    features,
    columns: defs,
    data: records,
    getRowId: (record) => record.id,
    columnResizeMode: 'onChange',
    initialState: { columnSizing: widths },
    onColumnSizingChange: (change) => {
      const next = typeof change === 'function' ? change(widths) : change;
      onWidths(next);
    },
    state: { columnSizing: widths },
  });
  const sizes = columns.map((column) => table.getColumn(column.key)?.getSize() ?? column.ui.width);

  function go(row: number, column: number) {
    const next = {
      row: Math.max(-1, Math.min(lines.length - 1, row)),
      column: Math.max(0, Math.min(columns.length - 1, column)),
    };
    setPlace(next);
    if (next.row >= 0) reach.current(next.row);
    requestAnimationFrame(() =>
      scroller?.querySelector<HTMLElement>(`[data-at="${next.row}:${next.column}"]`)?.focus(),
    );
  }

  function onKeyDown(event: KeyboardEvent) {
    const at = (event.target as HTMLElement).dataset?.at;
    if (!at) return;
    const [row = 0, column = 0] = at.split(':').map(Number);
    const page = Math.floor((scroller?.clientHeight ?? 400) / rowHeight[density]) - 1;
    const moves: Record<string, [number, number]> = {
      ArrowDown: [row + 1, column],
      ArrowUp: [row - 1, column],
      ArrowRight: [row, column + 1],
      ArrowLeft: [row, column - 1],
      PageDown: [row + page, column],
      PageUp: [Math.max(0, row - page), column],
      Home: [event.ctrlKey ? 0 : row, 0],
      End: [event.ctrlKey ? lines.length - 1 : row, columns.length - 1],
    };
    const move = moves[event.key];
    const line = lines[row];
    if (line?.kind === 'group' && isToggle(event.key, line.group.open)) {
      event.preventDefault();
      grouping?.onToggle(line.group.id);
    } else if (line?.kind === 'more' && line.fault && event.key === 'Enter') grouping?.onMore(line.group);
    else if (move) {
      event.preventDefault();
      go(...move);
    } else if (line?.kind === 'record') {
      onRowKey(event, line.record, column);
    }
  }

  /** The cell that the clipboard is asked about; nothing within an input, which has a clipboard's manners of its own. */
  function cellOf(event: ClipboardEvent) {
    const [row, column] = ((event.target as HTMLElement).dataset?.at ?? '').split(':').map(Number);
    const line = lines[row ?? -1];
    const at = columns[column ?? -1];
    return line?.kind === 'record' && at ? { record: line.record, column: at } : undefined;
  }

  function onPaste(event: ClipboardEvent) {
    const at = cellOf(event);
    if (!props.onPaste || !at) return;
    event.preventDefault();
    props.onPaste(event.clipboardData.getData('text/plain'), at);
  }

  function onCopy(event: ClipboardEvent) {
    const at = cellOf(event);
    // Words that somebody has marked are what they mean.
    if (!at || window.getSelection()?.toString()) return;
    event.preventDefault();
    const { ui, def, key } = at.column;
    event.clipboardData.setData('text/plain', ui.text(valueIn(at.record, key), def, i18n.language));
  }

  /** The first cell is the record's own: Enter opens it there, and edits elsewhere what may be edited. */
  function onRowKey(event: KeyboardEvent, record: RecordView, column: number) {
    const { id } = record;
    const at = columns[column];
    const can = at && props.editing.can(record, at);
    if (at && edited?.id === id && edited.key === at.key) onEarlyKey(event, edited, record, at);
    else if (can && (event.key === 'F2' || (event.key === 'Enter' && column > 0))) {
      event.preventDefault();
      setEdited({ id, key: at.key });
    } else if (can && isTypedInto(at) && begins(event, at)) {
      // As in a spreadsheet: what is typed takes the place of what was there.
      event.preventDefault();
      setEdited({ id, key: at.key, begun: { value: event.key } });
    } else if (event.key === 'Enter') props.onOpen(id);
    else if (event.key === ' ') {
      event.preventDefault();
      props.onSelect(toggled(props.selected, id));
    }
  }

  /** The cell is being edited and its input still on its way: what is typed waits for it. */
  function onEarlyKey(event: KeyboardEvent, now: Edited, record: RecordView, at: Column) {
    if (event.key === 'Escape') setEdited(undefined);
    if (!isTypedInto(at) || !begins(event, at)) return;
    event.preventDefault();
    const before = now.begun ? now.begun.value : valueIn(record, at.key);
    setEdited({ ...now, begun: { value: `${before ?? ''}${event.key}` } });
  }

  const newest: RowActs = {
    onEdit: (id, key) => setEdited({ id, key }),
    onKeep: (...kept) => void keep(...kept),
    onEdited: (row, column, move) => {
      setEdited(undefined);
      go(row, column + move);
    },
    onOpen: props.onOpen,
    onMenu: props.onMenu,
    onToggle: (id) => props.onSelect(toggled(props.selected, id)),
  };
  const acts = useRef(newest);
  useLayoutEffect(() => {
    acts.current = newest;
  });

  const style = {
    '--cols': `${checkWidth}px ${sizes.map((size) => `${size}px`).join(' ')} minmax(24px, 1fr)`,
    ...pinsOf(sizes, pinned),
    '--width': `${checkWidth + sizes.reduce((sum, size) => sum + size, 0) + 24}px`,
  } as CSSProperties;

  return (
    <div className="grid-scroll scroll" ref={setScroller}>
      <div
        role="grid"
        tabIndex={-1}
        aria-label={label}
        aria-rowcount={props.total >= 0 && !grouping ? props.total + 1 : -1}
        aria-colcount={columns.length + 1}
        aria-multiselectable="true"
        aria-busy={loading}
        className="grid"
        style={style}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
        onCopy={onCopy}
      >
        <HeadRow {...props} table={table} place={place} pinned={pinned} />
        <Body
          scroller={scroller}
          reach={reach}
          lines={lines}
          columns={columns}
          pinned={pinned}
          place={place}
          selected={props.selected}
          opened={props.opened}
          edited={edited}
          editing={props.editing}
          grouping={grouping}
          acts={acts}
          onEnd={onEnd}
        />
      </div>
      {!lines.length && !loading && props.empty}
      {!lines.length && loading && <Waiting />}
    </div>
  );
}

/** Whether the key is the first of a value. */
const begins = ({ key, ctrlKey, metaKey, altKey }: KeyboardEvent, { ui }: Column) =>
  !ctrlKey && !metaKey && !altKey && (ui.numeric ? /^[\d.-]$/ : /^\S$/u).test(key);

const isToggle = (key: string, open: boolean) =>
  key === 'Enter' || key === ' ' || key === (open ? 'ArrowLeft' : 'ArrowRight');

export function toggled(selected: Set<string>, id: string): Set<string> {
  const next = new Set(selected);
  if (!next.delete(id)) next.add(id);
  return next;
}

const lines = Array.from({ length: 14 }, (_, index) => index);

function Waiting() {
  return (
    <div className="late waiting" aria-hidden="true">
      {lines.map((line) => (
        <div key={line} className="skeleton" style={{ width: `${92 - ((line * 17) % 40)}%` }} />
      ))}
    </div>
  );
}
