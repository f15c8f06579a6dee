// The comments of a record, page by page, and what changes them.
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { commentsOf, dropComment, saySo } from '../api';
import { say } from '../shell/toast';
import { useFaultText } from '../views/Fault';

interface Said {
  text: string;
  mentions: string[];
  once: string;
}

export function useComments(form: string, id: string) {
  const key = ['comments', form, id];
  const client = useQueryClient();
  const faultText = useFaultText();
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => commentsOf(form, id, pageParam || undefined),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  });
  const settle = {
    onSettled: () => client.invalidateQueries({ queryKey: key }),
    onError: (refused: unknown) => say({ text: faultText(refused), bad: true }),
  };
  const send = useMutation({ mutationFn: ({ once, ...said }: Said) => saySo(form, id, said, once), ...settle });
  const drop = useMutation({ mutationFn: (comment: string) => dropComment(form, id, comment), ...settle });
  return { query, all: query.data?.pages.flatMap((page) => page.comments) ?? [], send, drop };
}
