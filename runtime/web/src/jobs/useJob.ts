// Following work in the background until it has ended.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getJob, type Job } from '../api';

export const hasEnded = (job: Job) => ['done', 'failed', 'cancelled'].includes(job.state);

/**
 * The stream of events tells when work has come on. It is asked about all the same, ms: where some proxy keeps the
 * stream back, it must be seen to end.
 */
const unheard = 10_000;

export function useJob(begun: Job) {
  const client = useQueryClient();
  const queryKey = ['job', begun.id];
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => getJob(begun.id, signal),
    initialData: begun,
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data && hasEnded(state.data) ? false : unheard),
  });
  return { job: query.data, error: query.error, set: (job: Job) => client.setQueryData(queryKey, job) };
}
