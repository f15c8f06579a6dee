// The rows of a grid that are in view, with a few around them. Scrolling draws this anew, and nothing else of the grid.
import { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback, useEffect, useLayoutEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { rowHeight, useLook } from '../theme/look';
import type { CellEditing } from './CellEditor';
import type { Column } from './columns';
import { GroupRow, MoreRow } from './GroupRow';
import type { Grouping, Line } from './lines';
import { Row, type RowActs } from './Row';
import type { Edited } from './useEdited';

interface Props {
  /** What scrolls; null until it stands. */
  scroller: HTMLElement | null;
  /** Is given what brings a row into view. */
  reach: RefObject<(row: number) => void>;
  lines: Line[];
  columns: Column[];
  pinned: number;
  place: { row: number; column: number };
  selected: Set<string>;
  opened?: string;
  edited?: Edited;
  editing: CellEditing;
  grouping?: Grouping;
  acts: RefObject<RowActs>;
  onEnd: () => void;
}

/** How many rows before the last one the next page is asked for. */
const ahead = 15;

export function Body(props: Props) {
  const { scroller, reach, lines, columns, pinned, place, selected, opened, edited, editing, grouping, onEnd } = props;
  const { t, i18n } = useTranslation();
  const { density } = useLook();
  // One that was another in each frame would have every row of the list measured in each frame.
  const getItemKey = useCallback((index: number) => lines[index]?.key ?? index, [lines]);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller,
    estimateSize: () => rowHeight[density],
    overscan: 6,
    getItemKey,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;

  useLayoutEffect(() => {
    reach.current = (row) => virtual.scrollToIndex(row);
  }, [reach, virtual]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another density is another size of every row
  useEffect(() => virtual.measure(), [density]);
  useEffect(() => {
    if (!grouping && lines.length && last >= lines.length - ahead) onEnd();
  }, [last, lines.length, onEnd, grouping]);
  const wanted =
    grouping && items.map(({ index }) => lines[index]).find((line) => line?.kind === 'more' && !line.fault);
  useEffect(() => {
    if (wanted?.kind === 'more') grouping?.onMore(wanted.group);
  }, [wanted, grouping]);

  return (
    <div role="rowgroup" className="grid-body" style={{ height: virtual.getTotalSize() }}>
      {items.map(({ index, start }) => {
        const line = lines[index];
        const at = { index, top: start, tab: place.row === index ? place.column : -1 };
        if (!line) return null;
        if (line.kind === 'record') {
          const { record } = line;
          const isEdited = edited?.id === record.id;
          return (
            <Row
              key={record.id}
              {...at}
              t={t}
              locale={i18n.language}
              record={record}
              columns={columns}
              pinned={pinned}
              selected={selected.has(record.id)}
              opened={opened === record.id}
              edited={isEdited ? edited : undefined}
              editing={editing}
              acts={props.acts}
            />
          );
        }
        if (!grouping) return null;
        return line.kind === 'group' ? (
          <GroupRow key={line.key} {...at} {...grouping} head={line.group} columns={columns} pinned={pinned} />
        ) : (
          <MoreRow key={line.key} {...at} onMore={grouping.onMore} group={line.group} fault={line.fault} />
        );
      })}
    </div>
  );
}
