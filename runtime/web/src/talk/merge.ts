// Two lists that grow page by page, as one by time.

export interface Feed<T> {
  items: T[];
  /** There are older ones that are not here yet. */
  more: boolean;
}

const timeOf = (item: { at: string }) => Date.parse(item.at);

/** merge is both lists, the newest first, as far back as it is known that nothing is missing between. */
export function merge<A extends { at: string }, B extends { at: string }>(a: Feed<A>, b: Feed<B>): (A | B)[] {
  const oldest = (feed: Feed<A | B>) => {
    const last = feed.items.at(-1);
    return feed.more && last ? timeOf(last) : Number.NEGATIVE_INFINITY;
  };
  const from = Math.max(oldest(a), oldest(b));
  return [...a.items, ...b.items].filter((item) => timeOf(item) >= from).sort((x, y) => timeOf(y) - timeOf(x));
}
