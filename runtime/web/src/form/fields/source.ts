// Where pickers find what they offer.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { findPeople, listRecords, listUnits, listZones, type Ref } from '../../api';
import { type Catalog, type FieldDef, formOf, useWorld } from '../../meta';
import { recentOf } from './recent';

export interface Source {
  key: string;
  /** Those that the reader has had to do with of late, as far as they may still be chosen. */
  recent?: (signal: AbortSignal) => Promise<Ref[]>;
  /** Everything is there at once; words are matched in the browser. */
  local: boolean;
  find: (words: string, signal: AbortSignal) => Promise<Ref[]>;
}

export function useSource(def: FieldDef): Source {
  const { catalog, me } = useWorld();
  return sourceOf(catalog, me.user.id, def);
}

export function sourceOf(catalog: Catalog, user: string, def: FieldDef): Source {
  switch (def['x-field']) {
    case 'member':
    case 'members':
      return { key: 'people', local: false, find: async (q, signal) => (await findPeople(q, signal)).people };
    case 'orgunit':
    case 'orgunits':
      return { key: 'units', local: true, find: async () => (await listUnits()).units };
    case 'zone':
      return { key: 'zones', local: true, find: async () => (await listZones()).zones };
    default: {
      const target = def['x-ref'] ?? '';
      const title = formOf(catalog, target)?.title ?? '';
      const filter = def['x-filter'];
      return {
        key: `records:${target}:${filter ?? ''}`,
        local: false,
        find: (q, signal) => findRecords(target, title, { q, filter }, signal),
        recent: async (signal) => {
          const ids = recentOf(user, target);
          const lately = JSON.stringify({ field: 'id', op: 'in', value: ids });
          const found = ids.length && !filter ? await findRecords(target, title, { filter: lately }, signal) : [];
          return found.sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
        },
      };
    }
  }
}

async function findRecords(
  form: string,
  title: string,
  narrowed: { q?: string; filter?: string },
  signal: AbortSignal,
) {
  const { records } = await listRecords(form, { ...narrowed, limit: 20, fields: title }, signal);
  return records.map((record) => ({ id: record.id, title: String(record.values[title] ?? record.id) }));
}

/** How long to wait for the next letter before asking, ms. */
const pause = 180;

export function useFound(source: Source) {
  const [opened, setOpened] = useState(false);
  const [typed, setTyped] = useState('');
  const words = useSettled(source.local ? '' : typed.trim(), pause);
  const query = useQuery({
    queryKey: ['picker', source.key, words],
    queryFn: ({ signal }) => source.find(words, signal),
    enabled: opened,
    staleTime: source.local ? Number.POSITIVE_INFINITY : 15_000,
    placeholderData: (before) => before,
  });
  const recent = useQuery({
    queryKey: ['picker', source.key, 'recent'],
    queryFn: ({ signal }) => source.recent?.(signal) ?? [],
    enabled: opened && Boolean(source.recent),
  });
  return {
    refs: query.data ?? [],
    recent: typed ? [] : (recent.data ?? []),
    loading: query.isFetching,
    typed,
    search: setTyped,
    open: () => setOpened(true),
  };
}

/** A value once it has stood still for so long. */
export function useSettled<T>(value: T, wait: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), wait);
    return () => clearTimeout(timer);
  }, [value, wait]);
  return settled;
}
