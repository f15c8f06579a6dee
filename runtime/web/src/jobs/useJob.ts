// Following work in the background until it has ended.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getJob, type Job } from '../api';

export const hasEnded = (job: Job) => ['done', 'failed', 'cancelled'].includes(job.state);

/** How long to wait before asking again, ms. Short work is told of quickly, long work is not asked about too often. */
const soon = 250;
const later = 1_500;
const patience = 8;

export function useJob(begun: Job) {
  const client = useQueryClient();
  const queryKey = ['job', begun.id];
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => getJob(begun.id, signal),
    initialData: begun,
    staleTime: 0,
    refetchInterval: ({ state }) =>
      state.data && hasEnded(state.data) ? false : state.dataUpdateCount < patience ? soon : later,
  });
  return { job: query.data, error: query.error, set: (job: Job) => client.setQueryData(queryKey, job) };
}
