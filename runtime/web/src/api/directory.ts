// People, departments and divisions of the country: what pickers choose from beside records.
import { call } from './client';
import type { Ref } from './types';

export const findPeople = (q: string, signal?: AbortSignal) =>
  call<{ people: Ref[] }>('/people', { query: { q, limit: 20 }, signal });

export interface UnitNode extends Ref {
  parent?: string;
}

export const listUnits = () => call<{ units: UnitNode[] }>('/units');

export const listZones = () => call<{ zones: Ref[] }>('/zones');

/** Divisions of the country by code, "310000": "上海市". */
export const listRegions = () => call<{ regions: [code: string, name: string][] }>('/regions');
