// What to change in a list's address so that another of the form's views shows.
import type { ListSearch } from '../shell/router';
import type { ListState } from './listState';

/** What a saved view has said goes with it. */
export const plainView = { saved: undefined, pin: undefined, f: undefined, q: undefined, group: undefined };

/** What was said of the view before goes with it. */
export const toView = (key: string, { saved }: ListState): Partial<ListSearch> => ({
  view: key,
  with: undefined,
  pin: undefined,
  sort: undefined,
  record: undefined,
  ...(saved ? plainView : {}),
});
