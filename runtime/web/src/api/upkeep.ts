// Values of tables and pools that people change without a publication.
import { call, callTagged } from './client';
import type { Maintained, ProblemLine, Rehearsal, ValuesChange, ValuesOrder } from './types';

const home = (kind: string, key: string) => `/maintained/${encodeURIComponent(kind)}/${encodeURIComponent(key)}`;
const given = (tag: string, key?: string) => ({ 'If-Match': tag, ...(key ? { 'Idempotency-Key': key } : {}) });

/** The documents of which one may change something, without their values. */
export const listMaintained = () => call<{ documents: Maintained[] }>('/maintained');

export const getMaintained = (kind: string, key: string) => callTagged<Maintained>(home(kind, key));

export interface ValuesCheck {
  ok: boolean;
  changes: { path: string; from?: unknown; to?: unknown }[];
  errors: ProblemLine[];
  warnings: ProblemLine[];
  impact: { form: string; found?: Rehearsal; job?: string }[];
}

/** What other values would come to; nothing is kept. */
export const checkValues = (kind: string, key: string, tag: string, order: ValuesOrder) =>
  call<ValuesCheck>(`${home(kind, key)}/check`, { method: 'POST', body: order, headers: given(tag) });

export const changeValues = (kind: string, key: string, tag: string, order: ValuesOrder, once: string) =>
  call<ValuesChange>(`${home(kind, key)}/values`, { method: 'POST', body: order, headers: given(tag, once) });

export const cancelValues = (kind: string, key: string, id: string, once: string) =>
  call<ValuesChange>(`${home(kind, key)}/values/${encodeURIComponent(id)}`, {
    method: 'DELETE',
    headers: { 'Idempotency-Key': once },
  });

export const getRehearsal = (job: string, signal?: AbortSignal) =>
  call<Rehearsal>(`/jobs/${encodeURIComponent(job)}/rehearsal`, { signal });
