// The records of a list, page after page.
import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type ListQuery, listRecords } from '../api';
import { useChanged } from './changes';

const pageSize = 60;

export interface ListQuestion {
  form: string;
  view?: string;
  filter?: string;
  q?: string;
  sort?: string;
  limit?: number;
  with?: string;
}

export const listKey = (form: string) => ['records', form] as const;

/**
 * Asks again for all that a form's page lacks: what failed together, such as the lanes of a board, their figures and the
 * count of the whole, comes back together.
 */
export function useAskAgain(form: string): () => void {
  const client = useQueryClient();
  return () =>
    void client.refetchQueries({
      queryKey: listKey(form),
      type: 'active',
      predicate: ({ state }) => state.status === 'error',
    });
}

export function useRecords({ form, ...question }: ListQuestion) {
  const query = useInfiniteQuery({
    queryKey: [...listKey(form), question],
    queryFn: ({ pageParam, signal }) => {
      const asked: ListQuery = { limit: pageSize, ...question, after: pageParam || undefined };
      return listRecords(form, pageParam ? asked : { ...asked, count: 'capped' }, signal);
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    staleTime: 15_000,
  });
  const loaded = useMemo(() => {
    const seen = new Set<string>();
    return (query.data?.pages ?? [])
      .flatMap((page) => page.records)
      .filter((record) => !seen.has(record.id) && seen.add(record.id));
  }, [query.data]);
  const records = useChanged(form, loaded);
  return { query, records, count: query.data?.pages[0]?.count };
}
