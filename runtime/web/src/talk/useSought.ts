// The comment that somebody comes for, however long ago it was said.
import { useEffect } from 'react';
import type { Comment } from '../api';

interface Pages {
  isSuccess: boolean;
  hasNextPage: boolean;
  isFetching: boolean;
  fetchNextPage: () => unknown;
}

/** Ids are ordered as comments are, the newest first: what is not there by its place has been taken back. */
export function useSought(
  { isSuccess, hasNextPage, isFetching, fetchNextPage }: Pages,
  all: Comment[],
  sought: string | undefined,
) {
  const last = all.at(-1);
  const behind =
    sought !== undefined && last !== undefined && last.id < sought && isSuccess && hasNextPage && !isFetching;
  useEffect(() => {
    if (behind) void fetchNextPage();
  }, [behind, fetchNextPage]);
}
