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

function read(): Kept | undefined {
  try {
    return (JSON.parse(localStorage.getItem(remembered) ?? 'null') as Kept | null) ?? undefined;
  } catch {
    return undefined;
  }
}

const store = { text: '', kept: read() };

/** Keeps how a tenant shows that the app is theirs; undefined: as the product. */
export function keepBrand(tenant: string, brand: Brand | undefined): void {
  const text = brand ? JSON.stringify({ tenant, brand }) : '';
  if (text === store.text && Boolean(brand) === Boolean(store.kept)) return;
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
