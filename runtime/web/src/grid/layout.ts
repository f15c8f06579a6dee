// How somebody has arranged the columns of a view: kept in their browser.
import { useCallback, useSyncExternalStore } from 'react';

export interface GridLayout {
  order: string[];
  hidden: string[];
  added: string[];
  widths: Record<string, number>;
}

const none: GridLayout = { order: [], hidden: [], added: [], widths: {} };
const layouts = new Map<string, GridLayout>();
const listeners = new Set<() => void>();

function read(key: string): GridLayout {
  const known = layouts.get(key);
  if (known) return known;
  let kept = none;
  try {
    kept = { ...none, ...(JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<GridLayout>) };
  } catch {
    // What cannot be read is as if nobody had arranged anything.
  }
  layouts.set(key, kept);
  return kept;
}

function write(key: string, layout: GridLayout): void {
  layouts.set(key, layout);
  localStorage.setItem(key, JSON.stringify(layout));
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useGridLayout(form: string, view: string) {
  const key = `tw.grid.${form}.${view}`;
  const layout = useSyncExternalStore(subscribe, () => read(key));
  const change = useCallback((part: Partial<GridLayout>) => write(key, { ...read(key), ...part }), [key]);
  return { layout, change };
}

/** The columns in the order that somebody wants, without those they do not want. */
export function arranged<T extends { key: string }>(columns: T[], layout: GridLayout): T[] {
  const place = new Map(layout.order.map((key, index) => [key, index]));
  return columns
    .map((column, index) => ({ column, at: place.get(column.key) ?? place.size + index }))
    .sort((a, b) => a.at - b.at)
    .map(({ column }) => column)
    .filter((column) => !layout.hidden.includes(column.key));
}
