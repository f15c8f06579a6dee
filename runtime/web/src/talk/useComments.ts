// The comments of a record, page by page, and what changes them.
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { commentsOf, dropComment, type Said, sayAnew, saySo } from '../api';

/** What becomes of comments; who asks for it tells of what fails. */
export interface Talk {
  say: (said: Said, once: string) => Promise<unknown>;
  anew: (comment: string, said: Said) => Promise<unknown>;
  drop: (comment: string) => Promise<unknown>;
}

export function useComments(form: string, id: string) {
  const key = ['comments', form, id];
  const client = useQueryClient();
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => commentsOf(form, id, pageParam || undefined),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  });
  const change = useMutation({
    mutationFn: (act: () => Promise<unknown>) => act(),
    onSettled: () => client.invalidateQueries({ queryKey: key }),
  });
  const talk: Talk = {
    say: (said, once) => change.mutateAsync(() => saySo(form, id, said, once)),
    anew: (comment, said) => change.mutateAsync(() => sayAnew(form, id, comment, said)),
    drop: (comment) => change.mutateAsync(() => dropComment(form, id, comment)),
  };
  return { query, all: query.data?.pages.flatMap((page) => page.comments) ?? [], talk };
}
