// What is dealt with at once: the records that are selected, or all that a list's question finds, loaded or not.
import { useQuery } from '@tanstack/react-query';
import { type Chosen, listRecords, type RecordView } from '../api';
import type { ListQuestion } from '../views/useRecords';

/** All that a list's question finds, and how many that are now. */
export interface AllThatMatch extends Pick<Chosen, 'view' | 'filter'> {
  count: number;
}

/** The server finds all of them itself, batch by batch, with the rights that the asker has then. */
export const chosenBy = (records: RecordView[], all?: AllThatMatch): Chosen =>
  all ? { view: all.view, filter: all.filter } : { ids: records.map((record) => record.id) };

export const countBy = (records: RecordView[], all?: AllThatMatch): number => all?.count ?? records.length;

/** Counts them to the last one, for nobody changes "more than 1,000". Words that are searched for, and what is shared or followed, are no such question. */
export function useAllThatMatch(
  { form, view, filter, q, with: only }: ListQuestion,
  wanted: boolean,
): AllThatMatch | undefined {
  const { data } = useQuery({
    queryKey: ['records', form, 'all', view, filter],
    queryFn: ({ signal }) => listRecords(form, { view, filter, limit: 1, count: 'exact' }, signal),
    enabled: wanted && !q && !only,
    staleTime: 0,
  });
  if (!wanted || q || only || !data?.count) return undefined;
  return { view, filter: filter ? (JSON.parse(filter) as unknown) : undefined, count: data.count.value };
}
