// A page of a list may be empty where nothing of it may be read: then what comes behind it is looked for.
import { useEffect } from 'react';

interface Pages {
  isSuccess: boolean;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

export function useFilled({ isSuccess, hasNextPage, isFetchingNextPage, fetchNextPage }: Pages, shown: number) {
  const skip = isSuccess && !shown && hasNextPage && !isFetchingNextPage;
  useEffect(() => {
    if (skip) void fetchNextPage();
  }, [skip, fetchNextPage]);
}
