// Rows within a record edited like a spreadsheet: Enter and the arrows go from row to row, cells are pasted, and rows
// are moved by their number, by Alt and the arrows, or by their buttons.
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { type ClipboardEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLabel } from '../../meta';
import { useFaultText } from '../../views/Fault';
import { usePasting } from './pasting';
import { Cell, type LayoutProps, RowTools, Totals, uiOf } from './rowParts';
import { cellsOf, changeCell, keyOf, moveRow, newRow, type Row, standing, totalsOf } from './rows';
import { Sideways } from './Sideways';

export function RowsSheet(props: LayoutProps) {
  const { id, def, fields, rows, most, onChange, disabled } = props;
  const { t } = useTranslation();
  const label = useLabel();
  const body = useRef<HTMLTableSectionElement>(null);
  const { notice, pasteAt } = usePasted(props);
  const focus = useRef<{ row: number; column: number }>(undefined);
  const shown = standing(rows);
  const required = new Set(def.required);

  const inputAt = (row: number, column: number) =>
    body.current?.rows[row]?.cells[column]?.querySelector<HTMLElement>('input, textarea, button');

  // A row that was just made gets the focus once it is there.
  useEffect(() => {
    if (!focus.current) return;
    inputAt(focus.current.row, focus.current.column)?.focus();
    focus.current = undefined;
  });

  function move(from: number, to: number, column: number) {
    const next = moveRow(rows, from, to);
    if (next === rows) return;
    focus.current = { row: to, column };
    onChange(next);
  }

  function onKeyDown(event: KeyboardEvent<HTMLTableSectionElement>) {
    const target = event.target as HTMLElement;
    const cell = target.closest('td');
    const row = cell?.parentElement as HTMLTableRowElement | null | undefined;
    const step = { ArrowDown: 1, ArrowUp: -1, Enter: event.shiftKey ? -1 : 1 }[event.key];
    if (!step || !cell || !row || event.nativeEvent.isComposing) return;
    const at = row.sectionRowIndex;
    if (event.altKey && event.key !== 'Enter') {
      event.preventDefault();
      if (!disabled) move(at, at + step, cell.cellIndex);
      return;
    }
    if (!isTyped(target)) return;
    // Enter belongs to the rows here: it does not send the form.
    event.preventDefault();
    if (inputAt(at + step, cell.cellIndex)) inputAt(at + step, cell.cellIndex)?.focus();
    else if (event.key === 'Enter' && step > 0 && !disabled && shown.length < most) {
      focus.current = { row: at + 1, column: cell.cellIndex };
      onChange([...rows, newRow()]);
    }
  }

  return (
    <>
      <Sideways>
        <table className="rows editing" id={id} aria-label={label(def['x-label'])}>
          <thead>
            <tr>
              <th className="no">#</th>
              {fields.map((field) => (
                <th key={field.key} className={uiOf(field).numeric ? 'right' : ''}>
                  {required.has(field.key) && <span className="must">* </span>}
                  {label(field.definition['x-label'])}
                </th>
              ))}
              <th className="tools">
                <span className="sr">{t('table.tools')}</span>
              </th>
            </tr>
          </thead>
          <tbody ref={body} onKeyDown={onKeyDown}>
            {shown.map((row, index) => (
              <SheetRow
                key={keyOf(row, index)}
                {...props}
                row={row}
                index={index}
                onPaste={pasteAt}
                onMove={(from) => move(from, index, 1)}
              />
            ))}
          </tbody>
          <Totals fields={fields} totals={totalsOf(fields, rows, (one) => one)} any={shown.length > 0} tail={1} />
        </table>
      </Sideways>
      {notice && (
        <p role="status" className="notice">
          {notice}
        </p>
      )}
    </>
  );
}

/** Inputs for which the arrows and Enter have no meaning of their own. */
const isTyped = (target: HTMLElement) =>
  target instanceof HTMLInputElement &&
  target.getAttribute('role') !== 'combobox' &&
  !target.closest('.ant-picker') &&
  ['text', 'tel', 'email', 'url', 'search', 'number'].includes(target.type);

/** Pastes, and what there is to say of it. */
function usePasted({ rows, fields, most, onChange }: LayoutProps) {
  const { t } = useTranslation();
  const text = useFaultText();
  const paste = usePasting(fields);
  const [notice, setNotice] = useState('');
  const now = useRef(rows);
  now.current = rows;
  function pasteAt(event: ClipboardEvent, row: number, column: number) {
    const cells = cellsOf(event.clipboardData.getData('text/plain'));
    if (cells.length < 2 && (cells[0]?.length ?? 0) < 2) return;
    event.preventDefault();
    setNotice('');
    paste(() => now.current, { row, column }, cells, most).then(
      (done) => {
        onChange(done.rows);
        const unread = [...new Set(done.unread)];
        setNotice(
          [
            unread.length ? t('table.unread', { count: done.unread.length, cells: unread.slice(0, 5).join('、') }) : '',
            done.over ? t('table.over', { count: done.over, most }) : '',
          ]
            .filter(Boolean)
            .join(' '),
        );
      },
      (error: unknown) => setNotice(text(error)),
    );
  }
  return { notice, pasteAt };
}

interface RowProps extends LayoutProps {
  row: Row;
  index: number;
  onPaste: (event: ClipboardEvent, row: number, column: number) => void;
  /** Another row was dropped here. */
  onMove: (from: number) => void;
}

function SheetRow(props: RowProps) {
  const { fields, rows, row, index, onChange, disabled, issues, onPaste, onMove } = props;
  const { t } = useTranslation();
  const line = useRef<HTMLTableRowElement>(null);
  const handle = useRef<HTMLTableCellElement>(null);
  const [over, setOver] = useState('');
  const dropped = useRef(onMove);
  dropped.current = onMove;

  useEffect(() => {
    if (!line.current || !handle.current || disabled) return;
    const element = line.current;
    const sheet = element.parentElement;
    const stops = [
      draggable({ element, dragHandle: handle.current, getInitialData: () => ({ sheet, index }) }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => source.data.sheet === sheet && source.data.index !== index,
        onDragEnter: ({ source }) => setOver(Number(source.data.index) < index ? 'below' : 'above'),
        onDragLeave: () => setOver(''),
        onDrop: ({ source }) => {
          setOver('');
          dropped.current(Number(source.data.index));
        },
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [index, disabled]);

  return (
    <tr ref={line} className={over ? `drop-${over}` : undefined}>
      <td ref={handle} className="no num" title={disabled ? undefined : t('table.drag')}>
        {index + 1}
      </td>
      {fields.map((field, column) => (
        <td
          key={field.key}
          className={uiOf(field).numeric ? 'right' : ''}
          style={{ minWidth: Math.min(uiOf(field).width, 150) }}
          onPaste={(event) => onPaste(event, index, column)}
        >
          <Cell
            field={field}
            row={row}
            place={index}
            disabled={disabled}
            issue={issues?.[`${index}/${field.key}`]}
            onChange={(next) => onChange(changeCell(rows, keyOf(row, rows.indexOf(row)), field.key, next))}
          />
        </td>
      ))}
      <td className="tools">
        <RowTools {...props} index={index} row={row} />
      </td>
    </tr>
  );
}
