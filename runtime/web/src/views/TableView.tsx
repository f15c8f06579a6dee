import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RowMenu } from '../act/RowMenu';
import type { RecordView } from '../api';
import { cellsOf } from '../form/fields/rows';
import { type Column, useColumns } from '../grid/columns';
import { Grid } from '../grid/Grid';
import { movedColumn, staying } from '../grid/layout';
import type { Line } from '../grid/lines';
import { type Target, targetOf } from '../intake/paste';
import { useLabel } from '../meta';
import { useCellEditing } from './cellEditing';
import { ListEmpty, ListFault } from './ListEmpty';
import type { ListProps } from './listProps';
import { isSortable, parseSort, writeSort } from './listState';
import { narrowed } from './narrow';

const PasteDialog = lazy(() => import('../intake/PasteDialog').then((all) => ({ default: all.PasteDialog })));

export function TableView(props: ListProps) {
  const { form, columns: listColumns, groups, control, list, open, selected, setSelected } = props;
  const { t } = useTranslation();
  const label = useLabel();
  const { state, set } = control;
  const { editing, dialog } = useCellEditing(form);
  const [menu, setMenu] = useState<{ record: RecordView; at: { left: number; top: number }; column?: Column }>();
  const [pasted, setPasted] = useState<Target>();
  const { layout, change, shown } = listColumns;
  const columns = useColumns(form, shown);
  const keys = shown.map((field) => field.key);
  const sort = useMemo(() => parseSort(state.sort), [state.sort]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list.query;

  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);

  // One click sorts up, another down, a third as the view does; with shift a column joins those there are.
  function onSort(field: string, add: boolean) {
    const now = sort.find((one) => one.field === field);
    const rest = add ? sort.filter((one) => one.field !== field).slice(0, 2) : [];
    const next = !now ? [{ field, down: false }] : now.down ? [] : [{ field, down: true }];
    set({ sort: writeSort([...rest, ...next]) || undefined }, true);
  }

  const onPaste = (text: string, at: { record: RecordView; column: Column }) =>
    setPasted(targetOf(cellsOf(text), at, columns, list.records, selected));

  if (groups?.error) return <ListFault error={groups.error} form={form} />;
  if (list.query.isError) return <ListFault error={list.query.error} form={form} />;
  return (
    <>
      {state.group && !groups && state.q && <p className="strip">{t('group.noWords')}</p>}
      {groups?.cut && <p className="strip">{t('group.cut', { count: groups.lines.filter(isHead).length })}</p>}
      <Grid
        label={t('list.grid', { name: label(form.label) })}
        columns={columns}
        records={list.records}
        total={list.count?.exact ? list.count.value : -1}
        loading={groups?.pending ?? list.query.isPending}
        grouping={groups}
        pinned={staying(layout, keys).length}
        sort={sort}
        onSort={onSort}
        isSortable={(key) => isSortable(form, key)}
        selected={selected}
        onSelect={setSelected}
        onOpen={open}
        onMenu={(record, at, key) => setMenu({ record, at, column: columns.find((one) => one.key === key) })}
        onMoveColumn={(moved, to) => change(movedColumn(layout, keys, moved, to))}
        opened={state.record}
        editing={editing}
        onEnd={onEnd}
        widths={layout.widths}
        onWidths={(widths) => change({ widths })}
        onPaste={form.rights.update ? onPaste : undefined}
        empty={<ListEmpty form={form} control={control} />}
      />
      {dialog}
      {pasted && (
        <Suspense>
          <PasteDialog form={form} target={pasted} onClose={() => setPasted(undefined)} />
        </Suspense>
      )}
      {menu && (
        <RowMenu
          key={menu.record.id}
          form={form}
          {...menu}
          onNarrow={(one) => set({ f: narrowed(state.filter, one) })}
          onClose={() => setMenu(undefined)}
        />
      )}
    </>
  );
}

const isHead = (line: Line) => line.kind === 'group';
