// The catalog and the person, for everything below.
import { createContext, useContext, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
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
  const { i18n } = useTranslation();
  const locale = i18n.language;
  return useMemo(() => (label) => textOf(label, locale), [locale]);
}
