// What people did about a record, where follow-ups are records of other forms: page by page, the newest first.
import { useInfiniteQuery } from '@tanstack/react-query';
import { listRecords, type RecordView } from '../api';
import { isNamed, useMaking } from '../form/making';
import { type Form, fieldOf, namedIn, type Relation, relationsTo, useWorld } from '../meta';

export interface Activity {
  at: string;
  relation: Relation;
  record: RecordView;
}

const few = 20;

/** Where records of a form are followed up: one relation, for a record has one kind of follow-ups. */
export function useActivityOf(form: Form): Relation | undefined {
  const { catalog } = useWorld();
  return relationsTo(catalog, form.key).find(
    ({ form: other }) => other.happens && fieldOf(other, other.happens) && other.key !== form.key,
  );
}

export function useActivities(form: Form, id: string) {
  const relation = useActivityOf(form);
  const at = relation?.form.happens ?? '';
  const query = useInfiniteQuery({
    queryKey: ['records', relation?.form.key ?? '', 'timeline', relation?.field.key, id],
    queryFn: ({ pageParam, signal }) => {
      if (!relation) throw new Error('nothing is asked where there are no follow-ups');
      const filter = JSON.stringify({ field: relation.field.key, op: 'eq', value: namedIn(relation, form.key, id) });
      return listRecords(
        relation.form.key,
        { filter, sort: `-${at}`, limit: few, after: pageParam || undefined },
        signal,
      );
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    enabled: Boolean(relation),
  });
  const making = useMaking(relation?.form.key ?? '', query.dataUpdatedAt).filter(
    ({ values }) => relation && isNamed(values[relation.field.key], namedIn(relation, form.key, id)),
  );
  const all: Activity[] = relation
    ? (query.data?.pages ?? []).flatMap((page) =>
        page.records.map((record) => ({ at: String(record.values[at] ?? record.createdAt), relation, record })),
      )
    : [];
  return { relation, query, all, making };
}
