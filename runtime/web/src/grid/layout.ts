// How somebody has arranged the columns of a view: kept in their browser, over what a saved view says.
import { useCallback, useMemo, useSyncExternalStore } from 'react';

export interface GridLayout {
  order: string[];
  hidden: string[];
  added: string[];
  widths: Record<string, number>;
  /** Columns that stay at the left while the others are scrolled, in front of them. */
  pinned: string[];
  /** Not even the first stays, as it does where none was chosen. */
  unpinned: boolean;
}

export const plainLayout: GridLayout = { order: [], hidden: [], added: [], widths: {}, pinned: [], unpinned: false };

/** Which of the columns that are shown stay at the left: those that were chosen, else the first. */
export function staying({ pinned, unpinned }: GridLayout, shown: string[]): string[] {
  const chosen = shown.filter((key) => pinned.includes(key));
  return chosen.length || unpinned ? chosen : shown.slice(0, 1);
}

/** What to change so that a column stays no longer, or does. */
export function pinnedOtherwise(
  layout: GridLayout,
  shown: string[],
  key: string,
): Pick<GridLayout, 'pinned' | 'unpinned'> {
  const others = layout.pinned.filter((one) => one !== key);
  const stays = staying(layout, shown).includes(key);
  return { pinned: stays ? others : [...others, key], unpinned: stays && !others.length };
}

type Own = Partial<GridLayout>;
const untouched: Own = {};
const layouts = new Map<string, Own>();
const listeners = new Set<() => void>();

function read(key: string): Own {
  const known = layouts.get(key);
  if (known) return known;
  let kept = untouched;
  try {
    kept = JSON.parse(localStorage.getItem(key) ?? '{}') as Own;
  } catch {
    // What cannot be read is as if nobody had arranged anything.
  }
  layouts.set(key, kept);
  return kept;
}

function write(key: string, layout: Own): void {
  layouts.set(key, layout);
  if (Object.keys(layout).length) localStorage.setItem(key, JSON.stringify(layout));
  else localStorage.removeItem(key);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export interface LayoutControl {
  layout: GridLayout;
  change: (part: Own) => void;
  /** Goes back to what the view says. */
  reset: () => void;
  /** Somebody has arranged it otherwise than the view. */
  touched: boolean;
}

export function useGridLayout(form: string, view: string, base: GridLayout = plainLayout): LayoutControl {
  const key = `tw.grid.${form}.${view}`;
  const own = useSyncExternalStore(subscribe, () => read(key));
  const layout = useMemo(() => ({ ...base, ...own }), [base, own]);
  const change = useCallback((part: Own) => write(key, { ...read(key), ...part }), [key]);
  const reset = useCallback(() => write(key, untouched), [key]);
  return { layout, change, reset, touched: Object.keys(own).length > 0 };
}

/** The columns in the order that somebody wants, those that are pinned first, without those they do not want. */
export function arranged<T extends { key: string }>(columns: T[], layout: GridLayout): T[] {
  const place = new Map(layout.order.map((key, index) => [key, index]));
  const isPinned = ({ key }: T) => (layout.pinned.includes(key) ? 0 : 1);
  return columns
    .map((column, index) => ({ column, at: place.get(column.key) ?? place.size + index }))
    .sort((a, b) => isPinned(a.column) - isPinned(b.column) || a.at - b.at)
    .map(({ column }) => column)
    .filter((column) => !layout.hidden.includes(column.key));
}

/** What to change so that a column stands where another one does; it is pinned as that one is. */
export function movedColumn(layout: GridLayout, shown: string[], moved: string, to: string): Own {
  const from = shown.indexOf(moved);
  const at = shown.indexOf(to);
  if (from < 0 || at < 0 || from === at) return {};
  const order = shown.filter((key) => key !== moved);
  order.splice(at, 0, moved);
  const others = layout.pinned.filter((key) => key !== moved);
  const pinned = layout.pinned.includes(to) ? [...others, moved] : others;
  return pinned.length || layout.pinned.length ? { order, pinned } : { order };
}
