// Where pickers find what they offer.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { findPeople, listRecords, listUnits, listZones, type Ref } from '../../api';
import { type FieldDef, formOf, useWorld } from '../../meta';

export interface Source {
  key: string;
  /** Everything is there at once; words are matched in the browser. */
  local: boolean;
  find: (words: string, signal: AbortSignal) => Promise<Ref[]>;
}

export function useSource(def: FieldDef): Source {
  const { catalog } = useWorld();
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
        find: (q, signal) => findRecords(target, title, q, filter, signal),
      };
    }
  }
}

async function findRecords(form: string, title: string, q: string, filter: string | undefined, signal: AbortSignal) {
  const { records } = await listRecords(form, { q, filter, limit: 20, fields: title }, signal);
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
  return {
    refs: query.data ?? [],
    loading: query.isFetching,
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
