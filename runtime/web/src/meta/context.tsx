// The catalog and the person, for everything below.
import i18next from 'i18next';
import { createContext, useContext, useMemo, useSyncExternalStore } from 'react';
import type { Me } from '../api';
import { formOf, textOf } from './catalog';
import type { Catalog, Form, Label } from './types';

export interface World {
  catalog: Catalog;
  me: Me;
}

const WorldContext = createContext<World | null>(null);
export const WorldProvider = WorldContext.Provider;

export function useWorld(): World {
  const world = useContext(WorldContext);
  if (!world) throw new Error('useWorld needs a WorldProvider above');
  return world;
}

export function useForm(key: string): Form | undefined {
  const { catalog } = useWorld();
  return useMemo(() => formOf(catalog, key), [catalog, key]);
}

/** Reads labels in the language of the page. */
export function useLabel(): (label: Label | undefined) => string {
  const locale = useSyncExternalStore(onLanguage, language);
  return useMemo(() => (label) => textOf(label, locale), [locale]);
}

// Every cell of a list reads labels, so this listens for the language alone; a translator for each was felt in scrolling.
const language = () => i18next.language;
function onLanguage(changed: () => void): () => void {
  i18next.on('languageChanged', changed);
  return () => i18next.off('languageChanged', changed);
}
