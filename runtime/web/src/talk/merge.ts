// Lists that grow page by page, as one by time.

export interface Feed<T> {
  items: T[];
  /** There are older ones that are not here yet. */
  more: boolean;
}

const timeOf = (item: { at: string }) => Date.parse(item.at);

/** merge is all lists, the newest first, as far back as it is known that nothing is missing between. */
export function merge<T extends { at: string }>(...feeds: Feed<T>[]): T[] {
  const oldest = (feed: Feed<T>) => {
    const last = feed.items.at(-1);
    return feed.more && last ? timeOf(last) : Number.NEGATIVE_INFINITY;
  };
  const from = Math.max(...feeds.map(oldest));
  return feeds
    .flatMap((feed) => feed.items)
    .filter((item) => timeOf(item) >= from)
    .sort((x, y) => timeOf(y) - timeOf(x));
}
