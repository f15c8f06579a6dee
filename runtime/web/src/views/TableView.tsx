import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RowMenu } from '../act/RowMenu';
import type { RecordView } from '../api';
import { useColumns } from '../grid/columns';
import { Grid } from '../grid/Grid';
import { arranged, useGridLayout } from '../grid/layout';
import { anyField, useLabel } from '../meta';
import { useCellEditing } from './cellEditing';
import { ListEmpty, ListFault } from './ListEmpty';
import type { ListProps } from './listProps';
import { isSortable, parseSort, writeSort } from './listState';

export function TableView({ form, fields, control, list, open, selected, setSelected }: ListProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const { state, set } = control;
  const editing = useCellEditing(form);
  const [menu, setMenu] = useState<{ record: RecordView; at: { left: number; top: number } }>();
  const { layout, change } = useGridLayout(form.key, state.view?.key ?? '');
  const wanted = useMemo(() => {
    const added = layout.added.map((key) => anyField(form, key)).filter((field) => field !== undefined);
    const all = [...fields, ...added.filter((field) => !fields.some((one) => one.key === field.key))];
    return arranged(all, layout);
  }, [form, fields, layout]);
  const columns = useColumns(form, wanted);
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

  if (list.query.isError) return <ListFault error={list.query.error} onRetry={() => list.query.refetch()} />;
  return (
    <>
      <Grid
        label={t('list.grid', { name: label(form.label) })}
        columns={columns}
        records={list.records}
        total={list.count?.exact ? list.count.value : -1}
        loading={list.query.isPending}
        sort={sort}
        onSort={onSort}
        isSortable={(key) => isSortable(form, key)}
        selected={selected}
        onSelect={setSelected}
        onOpen={open}
        onMenu={(record, at) => setMenu({ record, at })}
        opened={state.record}
        editing={editing}
        onEnd={onEnd}
        widths={layout.widths}
        onWidths={(widths) => change({ widths })}
        empty={<ListEmpty form={form} control={control} />}
      />
      {menu && <RowMenu key={menu.record.id} form={form} {...menu} onClose={() => setMenu(undefined)} />}
    </>
  );
}
