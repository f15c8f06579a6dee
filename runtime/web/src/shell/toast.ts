// Short words about what has happened, with a way back where there is one.
import { useSyncExternalStore } from 'react';

export interface Toast {
  text: string;
  bad?: boolean;
  action?: { text: string; act: () => void };
}

type Standing = Toast & { id: number };

/** How long words stand, ms; those with a way back stand longer. */
const standing = { plain: 3_500, action: 8_000 };

const store = { toasts: [] as Standing[], next: 1 };
const listeners = new Set<() => void>();

function put(toasts: Standing[]) {
  store.toasts = toasts;
  for (const listener of listeners) listener();
}

/** Takes one word back. */
export const unsay = (id: number) => put(store.toasts.filter((toast) => toast.id !== id));

export function say(toast: Toast): void {
  const id = store.next++;
  put([...store.toasts.slice(-3), { ...toast, id }]);
  if (!toast.bad) setTimeout(() => unsay(id), toast.action ? standing.action : standing.plain);
}

/** Takes all words back: a test does not hear those of the one before. */
export const hush = (): void => put([]);

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useToasts = () => useSyncExternalStore(subscribe, () => store.toasts);
