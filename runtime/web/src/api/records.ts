// Records and what can be asked about them.
import { call } from './client';
import type { AggregateRow, Duplicate, Evaluation, HistoryPage, Page, RecordView, Values } from './types';

export interface ListQuery {
  view?: string;
  filter?: string;
  q?: string;
  sort?: string;
  limit?: number;
  after?: string;
  fields?: string;
  count?: string;
  deleted?: boolean;
  /** "me": only what is shared with whoever asks; "followed": only what they follow. */
  with?: string;
}

export interface AggregateQuery {
  /** A view's key: its own condition is added. */
  view?: string;
  filter?: unknown;
  table?: string;
  group?: { field: string; bucket?: string }[];
  metrics: { op: string; field?: string }[];
  sort?: string;
  limit?: number;
}

export const formPath = (form: string) => `/forms/${encodeURIComponent(form)}`;
export const recordPath = (form: string, id: string) => `${formPath(form)}/records/${encodeURIComponent(id)}`;

// A key that makes a repeated POST the same POST: a double click makes one record.
export const newKey = () => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`;

export const listRecords = (form: string, query: ListQuery, signal?: AbortSignal) =>
  call<Page>(`${formPath(form)}/records`, { query: { ...query }, signal });

export const getRecord = (form: string, id: string, signal?: AbortSignal) =>
  call<RecordView>(recordPath(form, id), { signal });

export const createRecord = (form: string, values: Values, key: string) =>
  call<RecordView>(`${formPath(form)}/records`, {
    method: 'POST',
    body: { values },
    headers: { 'Idempotency-Key': key },
  });

export const updateRecord = (form: string, id: string, version: number, values: Values) =>
  call<RecordView>(recordPath(form, id), {
    method: 'PATCH',
    body: { values },
    headers: { 'If-Match': String(version) },
  });

export const deleteRecord = (form: string, id: string, version: number) =>
  call<void>(recordPath(form, id), { method: 'DELETE', headers: { 'If-Match': String(version) } });

export const restoreRecord = (form: string, id: string) =>
  call<RecordView>(`${recordPath(form, id)}/restore`, { method: 'POST', body: {} });

export const evaluate = (form: string, values: Values, id?: string, signal?: AbortSignal) =>
  call<Evaluation>(`${formPath(form)}/evaluate`, { method: 'POST', body: id ? { id, values } : { values }, signal });

export const findDuplicates = (form: string, values: Values, id?: string, signal?: AbortSignal) =>
  call<{ duplicates: Duplicate[] }>(`${formPath(form)}/duplicates`, {
    method: 'POST',
    body: id ? { id, values } : { values },
    signal,
  });

export const historyOf = (form: string, id: string, after?: string) =>
  call<HistoryPage>(`${recordPath(form, id)}/history`, { query: { after, limit: 30 } });

export const aggregate = (form: string, query: AggregateQuery, signal?: AbortSignal) =>
  call<{ rows: AggregateRow[] }>(`${formPath(form)}/aggregate`, { method: 'POST', body: query, signal });

export const searchAll = (q: string, limit: number, signal?: AbortSignal) =>
  call<Page>('/search', { query: { q, limit }, signal });
