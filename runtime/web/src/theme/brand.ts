// Whose app it is. It is told with the catalog, and kept in the browser so that the door shows it too: before somebody
// has come in, nobody is asked who there is.
import { useSyncExternalStore } from 'react';
import type { Brand } from '../meta';

interface Kept {
  tenant: string;
  brand: Brand;
}

const remembered = 'tw.brand';
const listeners = new Set<() => void>();

function read(): { text: string; kept?: Kept } {
  try {
    const text = localStorage.getItem(remembered) ?? '';
    return text ? { text, kept: JSON.parse(text) as Kept } : { text };
  } catch {
    return { text: '' };
  }
}

const store = read();

/** Keeps how a tenant shows that the app is theirs; undefined: as the product. */
export function keepBrand(tenant: string, brand: Brand | undefined): void {
  const text = brand ? JSON.stringify({ tenant, brand }) : '';
  if (text === store.text) return;
  store.text = text;
  store.kept = brand && { tenant, brand };
  try {
    if (brand) localStorage.setItem(remembered, text);
    else localStorage.removeItem(remembered);
  } catch {
    // The door shows the product another time.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The brand of who came in last in this browser; with a tenant only if it is theirs. */
export function useBrand(tenant?: string): Brand | undefined {
  const kept = useSyncExternalStore(subscribe, () => store.kept);
  return tenant === undefined || kept?.tenant === tenant ? kept?.brand : undefined;
}
