// What a list shows, as its address says it.
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { anyField, type Form, type Group, parseFilter, toWire, useWorld, type View, valuesOf, viewOf } from '../meta';
import type { ListSearch } from '../shell/router';

const route = getRouteApi('/f/$form');

const withs = ['me', 'followed'] as const;
export type With = (typeof withs)[number];

export interface ListState {
  view: View | undefined;
  filter: Group | undefined;
  q: string;
  sort: string;
  /** The order that the address asks for, "" for that of the view. */
  asked: string;
  group: string | undefined;
  saved: string | undefined;
  /** Only what is shared with me, or what I follow. */
  with: With | undefined;
  at: string;
  span: string;
  /** Which columns stay at the left, undefined for those that the view says. */
  pin: string | undefined;
  record: string | undefined;
  /** The filter as the server gets it, "" for none. */
  wire: string;
}

export interface ListControl {
  state: ListState;
  set: (change: Partial<ListSearch>, replace?: boolean) => void;
}

export function useListState(form: Form): ListControl {
  const search = route.useSearch();
  const navigate = useNavigate();
  const { catalog, me } = useWorld();
  const state = useMemo(() => {
    const view = viewOf(form, search.view);
    const filter = parseFilter(search.f);
    const isInstant = (key: string) => {
      const field = anyField(form, key);
      return field ? valuesOf(catalog, form, field.definition)['x-field'] === 'datetime' : false;
    };
    const wire = toWire(filter, { id: me.user.id, isInstant });
    return {
      view,
      filter,
      q: search.q ?? '',
      sort: search.sort ?? view?.sort ?? '',
      asked: search.sort ?? '',
      group: search.group,
      saved: search.saved,
      with: withs.find((one) => one === search.with),
      at: search.at ?? '',
      span: search.span ?? '',
      pin: search.pin,
      record: search.record,
      wire: wire ? JSON.stringify(wire) : '',
    };
  }, [form, search, catalog, me]);
  const set = useCallback(
    (change: Partial<ListSearch>, replace = false) =>
      void navigate({ to: '.', search: (now: ListSearch) => ({ ...now, ...change }), replace }),
    [navigate],
  );
  return { state, set };
}

export interface SortKey {
  field: string;
  down: boolean;
}

export const parseSort = (text: string): SortKey[] =>
  text
    .split(',')
    .filter(Boolean)
    .map((part) => (part.startsWith('-') ? { field: part.slice(1), down: true } : { field: part, down: false }));

export const writeSort = (keys: SortKey[]): string =>
  keys.map(({ field, down }) => (down ? '-' : '') + field).join(',');

const sortable = new Set([
  'text',
  'number',
  'currency',
  'percent',
  'rating',
  'boolean',
  'select',
  'stage',
  'date',
  'datetime',
  'daterange',
  'time',
  'duration',
  'phone',
  'email',
  'url',
  'autonumber',
  'region',
  'formula',
  'rollup',
  'mirror',
]);

/** Whether lists can be ordered by a field. Masked ones cannot: their order would tell what the mask hides. */
export const isSortable = (form: Form, key: string) => {
  const field = anyField(form, key);
  return Boolean(field && !field.masked && sortable.has(field.definition['x-field']));
};
