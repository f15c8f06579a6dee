// The records of a list standing together by the values of a field: subtotals of all of them, and of those groups
// that somebody has opened their records, page after page.
import { useQuery } from '@tanstack/react-query';
import { memo, useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AggregateRow, aggregate, type RecordView, type Wire } from '../api';
import { isRef } from '../form/fields/reference';
import { registry } from '../form/fields/registry';
import { isEmpty } from '../form/fields/ui';
import { type Column, useColumns } from '../grid/columns';
import type { Grouping, Line } from '../grid/lines';
import { type Field, type FieldDef, type Form, fieldOf, grouped, money, useWorld, valuesOf } from '../meta';
import { useFaultText } from './Fault';
import { type ListQuestion, useRecords } from './useRecords';

const kinds = new Set(['select', 'stage', 'boolean', 'member', 'orgunit', 'zone', 'reference']);
const numbers = new Set(['currency', 'number']);
/** How many groups are shown: the largest. */
const most = 200;
/** How many columns have subtotals. */
const mostSums = 8;

/** The fields by whose values records may stand together. */
export const groupFields = (form: Form): Field[] =>
  form.fields.filter((field) => kinds.has(field.definition['x-field']) && !field.masked);

export interface Sum {
  key: string;
  def: FieldDef;
}

/** The columns that can be summed up. */
export function useSums(form: Form, fields: Field[]): Sum[] {
  const { catalog } = useWorld();
  return useMemo(
    () =>
      fields
        .map((field) => ({ key: field.key, def: valuesOf(catalog, form, field.definition), masked: field.masked }))
        .filter(({ key, def, masked }) => fieldOf(form, key) && numbers.has(def['x-field']) && !masked)
        .slice(0, mostSums),
    [catalog, form, fields],
  );
}

export function useGroupRows(form: Form, group: Field | undefined, sums: Sum[], question: ListQuestion, limit: number) {
  return useQuery({
    queryKey: ['records', form.key, 'groups', group?.key, sums.map((sum) => sum.key), question.view, question.filter],
    queryFn: ({ signal }) =>
      aggregate(
        form.key,
        {
          view: question.view,
          filter: question.filter ? (JSON.parse(question.filter) as unknown) : undefined,
          group: [{ field: group?.key ?? '' }],
          metrics: [{ op: 'count' }, ...sums.map(({ key }) => ({ op: 'sum', field: key }))],
          sort: '-0',
          limit,
        },
        signal,
      ),
    enabled: Boolean(group),
  });
}

export function figure(row: AggregateRow, index: number, { 'x-field': kind, 'x-currency': currency }: FieldDef) {
  const value = row.metrics[index];
  if (value === null || value === undefined) return '—';
  return kind === 'currency' ? money(value, currency) : grouped(String(value));
}

const idOf = (value: Wire) => (isRef(value) ? value.id : value);

/** The filter of one group beside that of the whole list. */
export function groupFilter(field: string, value: Wire, filter: string | undefined): string {
  const mine = isEmpty(value) ? { field, op: 'empty' } : { field, op: 'eq', value: idOf(value) };
  return JSON.stringify(filter ? { and: [mine, JSON.parse(filter) as unknown] } : mine);
}

/** Values of a choice stand in the order of their options, others by how many records they have. */
function inOrder(rows: AggregateRow[], def: FieldDef): AggregateRow[] {
  const places = new Map((def['x-options'] ?? []).map((option, index) => [option.value as Wire, index]));
  if (!places.size) return rows;
  const place = (row: AggregateRow) => places.get(row.keys[0]) ?? places.size;
  return [...rows].sort((a, b) => place(a) - place(b));
}

interface Loaded {
  records: RecordView[];
  more: boolean;
  fault?: string;
  next: () => void;
}

export interface Groups extends Grouping {
  pending: boolean;
  error: unknown;
  /** The records of all groups that are open, as far as they are loaded. */
  records: RecordView[];
  feeds: { id: string; question: ListQuestion }[];
  onLoad: (id: string, loaded: Loaded) => void;
  /** There are more groups than are shown. */
  cut: boolean;
}

/** undefined where records do not stand together: nobody asked, or words are searched for, which figures do not know. */
export function useGroups(form: Form, fields: Field[], key: string | undefined, question: ListQuestion) {
  const { i18n } = useTranslation();
  const group = question.q ? undefined : groupFields(form).find((field) => field.key === key);
  const [by] = useColumns(
    form,
    useMemo(() => (group ? [group] : []), [group]),
  );
  const sums = useSums(form, fields);
  const { data, isPending, error } = useGroupRows(form, group, sums, question, most + 1);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [loaded, setLoaded] = useState<ReadonlyMap<string, Loaded>>(new Map());
  const onLoad = useCallback((id: string, pages: Loaded) => setLoaded((all) => new Map(all).set(id, pages)), []);
  const onToggle = useCallback((id: string) => {
    setOpen((now) => {
      const next = new Set(now);
      if (!next.delete(id)) next.add(id);
      return next;
    });
    setLoaded((all) => new Map([...all].filter(([key]) => key !== id)));
  }, []);
  // Another field, other groups.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the field that closes them
  useEffect(() => setOpen(new Set()), [group?.key]);

  return useMemo((): Groups | undefined => {
    if (!group || !by) return undefined;
    const rows = inOrder(data?.rows.slice(0, most) ?? [], by.def);
    const heads = rows.map((row) => headOf(row, by, sums, open, i18n.language));
    const lines = heads.flatMap((head): Line[] => [
      { kind: 'group', key: `group ${head.id}`, group: head },
      ...(head.open ? linesIn(head.id, loaded.get(head.id)) : []),
    ]);
    return {
      by,
      lines,
      onToggle,
      onMore: (id) => loaded.get(id)?.next(),
      pending: isPending,
      error,
      records: lines.flatMap((line) => (line.kind === 'record' ? [line.record] : [])),
      feeds: heads
        .filter((head) => head.open)
        .map(({ id, value }) => ({
          id,
          question: { ...question, filter: groupFilter(group.key, value, question.filter) },
        })),
      onLoad,
      cut: (data?.rows.length ?? 0) > most,
    };
  }, [group, by, sums, data, isPending, error, open, loaded, question, onLoad, onToggle, i18n.language]);
}

function headOf(row: AggregateRow, by: Column, sums: Sum[], open: ReadonlySet<string>, locale: string) {
  const [value] = row.keys;
  const id = JSON.stringify(idOf(value) ?? null);
  return {
    id,
    value,
    text: registry[by.def['x-field']].text(value, by.def, locale),
    count: grouped(String(row.metrics[0])),
    sums: Object.fromEntries(sums.map(({ key, def }, index) => [key, figure(row, index + 1, def)])),
    open: open.has(id),
  };
}

function linesIn(group: string, loaded: Loaded | undefined): Line[] {
  const records = (loaded?.records ?? []).map((record): Line => ({ kind: 'record', key: record.id, record }));
  const more: Line = { kind: 'more', key: `more ${group} ${records.length}`, group, fault: loaded?.fault };
  return !loaded || loaded.more || loaded.fault ? [...records, more] : records;
}

/** Asks for the records of the groups that are open; it draws nothing, for the grid's rows are virtual. */
export function GroupFeeds({ groups }: { groups: Groups }) {
  return groups.feeds.map(({ id, question }) => (
    <Feed key={id} id={id} asked={JSON.stringify(question)} onLoad={groups.onLoad} />
  ));
}

interface FeedProps {
  id: string;
  /** The question as text: the same one is the same. */
  asked: string;
  onLoad: Groups['onLoad'];
}

const Feed = memo(function Feed({ id, asked, onLoad }: FeedProps) {
  const text = useFaultText();
  const question = useMemo(() => JSON.parse(asked) as ListQuestion, [asked]);
  const { records, query } = useRecords(question);
  const { isPending, isError, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = query;
  const fault = isError ? text(error) : undefined;
  useEffect(() => {
    if (isPending) return;
    const next = () => {
      if (fault) void refetch();
      else if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
    };
    onLoad(id, { records, more: hasNextPage, fault, next });
  }, [id, records, isPending, fault, hasNextPage, isFetchingNextPage, fetchNextPage, refetch, onLoad]);
  return null;
});
