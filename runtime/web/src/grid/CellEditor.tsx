// A cell while it is edited in its place: Enter keeps, Tab keeps and goes on, Escape leaves it as it was.
import { type FocusEvent, type KeyboardEvent, useId, useRef, useState } from 'react';
import type { RecordView, Wire } from '../api';
import { sameValue } from '../form/values';
import { type Column, valueIn } from './columns';
import type { Edited } from './useEdited';

export interface CellEditing {
  can: (record: RecordView, column: Column) => boolean;
  /** Resolves to what is wrong with the value, "" when it is saved. */
  save: (record: RecordView, column: Column, value: Wire) => Promise<string>;
}

const typed = new Set(['text', 'number', 'currency', 'percent', 'phone', 'email', 'url']);
/** Kinds that are chosen: what is chosen is kept at once. */
const chosen = new Set(['boolean', 'select', 'stage', 'date', 'datetime', 'member', 'orgunit', 'zone', 'reference']);

export const isTypedInto = (column: Column) => typed.has(column.def['x-field']);

/** Kinds that fit into a cell; the others are edited on the record's page. */
export const fitsCell = (column: Column) => typed.has(column.def['x-field']) || chosen.has(column.def['x-field']);

interface Props {
  record: RecordView;
  column: Column;
  /** What was typed already, in place of what is there. */
  begun?: Edited['begun'];
  /** What is wrong with what was typed, where the server has refused it. */
  refused?: string;
  /** Takes what was typed: it is shown as saved at once. */
  keep: (record: RecordView, column: Column, value: Wire) => void;
  /** The editor is done with; move says where to go: to the cell before (-1), to the next (1), or to stay. */
  onEnd: (move: -1 | 0 | 1) => void;
}

export function CellEditor({ record, column, begun, refused = '', keep: take, onEnd }: Props) {
  const saved = valueIn(record, column.key);
  const [value, setValue] = useState<Wire>(begun ? begun.value : saved);
  const [fault, setFault] = useState(refused);
  // Done: the focus that leaves with the input must not keep the value once more.
  const closed = useRef(false);
  const id = useId();
  const isTyped = typed.has(column.def['x-field']);
  const { Edit } = column.ui;

  function end(move: -1 | 0 | 1) {
    closed.current = true;
    onEnd(move);
  }

  function keep(next: Wire, move: -1 | 0 | 1) {
    if (closed.current) return;
    if (sameValue(next, saved)) return end(move);
    take(record, column, next);
    end(move);
  }

  function change(next: Wire) {
    setValue(next);
    setFault('');
    if (!isTyped) keep(next, 0);
  }

  function onKeyDown(event: KeyboardEvent) {
    // The arrows belong to the input here, not to the grid.
    event.stopPropagation();
    if (event.key === 'Escape') {
      event.preventDefault();
      end(0);
    } else if (event.key === 'Tab') {
      event.preventDefault();
      keep(value, event.shiftKey ? -1 : 1);
    } else if (event.key === 'Enter' && isTyped) {
      event.preventDefault();
      keep(value, 0);
    }
  }

  function onBlur(event: FocusEvent<HTMLElement>) {
    if (event.currentTarget.contains(event.relatedTarget)) return;
    if (isTyped && !fault) keep(value, 0);
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears the keys of the input within
    <span
      className="cell-editor"
      role="presentation"
      onKeyDown={onKeyDown}
      onBlur={onBlur}
      onClick={(event) => event.stopPropagation()}
    >
      <Edit
        id={id}
        def={column.def}
        value={value}
        onChange={change}
        invalid={Boolean(fault)}
        describedBy={fault ? `${id}-fault` : undefined}
        label={column.title}
        autoFocus
      />
      {fault && (
        <small id={`${id}-fault`} className="fault" role="alert">
          {fault}
        </small>
      )}
    </span>
  );
}
