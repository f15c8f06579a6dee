// What is done to records beyond editing them, and the work that goes on in the background.
import { call } from './client';
import { formPath, recordPath } from './records';
import type { ActedView, Explanation, FormActed, Job, JobPage, MergePreview, Pool, Values, Viewer } from './types';

/** What comes with an action: its arguments by key, and why. */
export interface ActInput {
  args?: Values;
  reason?: string;
}

const bodyOf = ({ args, reason }: ActInput) => ({ args: { ...args, ...(reason ? { reason } : {}) } });
const once = (key: string) => ({ 'Idempotency-Key': key });

/** Does something to a record. Nothing comes back where whoever did it sees the record no longer. */
export const act = (form: string, id: string, action: string, input: ActInput, key: string) =>
  call<ActedView | undefined>(`${recordPath(form, id)}/actions/${encodeURIComponent(action)}`, {
    method: 'POST',
    body: bodyOf(input),
    headers: once(key),
  });

/** Does what is about no record of a form, and tells which records it has written. */
export const actOnForm = (form: string, action: string, input: ActInput, key: string) =>
  call<FormActed>(`${formPath(form)}/act/${encodeURIComponent(action)}`, {
    method: 'POST',
    body: bodyOf(input),
    headers: once(key),
  });

/** The records that something is done to: those named, or those that a list shows. */
export interface Chosen {
  ids?: string[];
  view?: string;
  filter?: unknown;
}

/** Does something to many records, as a job: an action of the form, or update, delete and restore. */
export const actOnMany = (form: string, action: string, on: Chosen, input: ActInput, key: string) =>
  call<Job>(`${formPath(form)}/actions/${encodeURIComponent(action)}`, {
    method: 'POST',
    body: { ...on, ...bodyOf(input) },
    headers: once(key),
  });

/** Changes, deletes or restores many records, as a job. */
export const changeMany = (
  form: string,
  what: 'update' | 'delete' | 'restore',
  on: Chosen,
  values: Values | undefined,
  key: string,
) =>
  call<Job>(`${formPath(form)}/actions/${what}`, {
    method: 'POST',
    body: { ...on, args: values ? { values } : {} },
    headers: once(key),
  });

export const getJob = (id: string, signal?: AbortSignal) => call<Job>(`/jobs/${encodeURIComponent(id)}`, { signal });
export const listJobs = (after?: string) => call<JobPage>('/jobs', { query: { after } });
export const cancelJob = (id: string) =>
  call<Job>(`/jobs/${encodeURIComponent(id)}/cancel`, { method: 'POST', body: {} });
export const undoJob = (id: string) => call<Job>(`/jobs/${encodeURIComponent(id)}/undo`, { method: 'POST', body: {} });

/** What merging a record into another of its form would mean. */
export const previewMerge = (form: string, keep: string, drop: string, signal?: AbortSignal) =>
  call<MergePreview>(`${recordPath(form, keep)}/merge`, { query: { with: drop }, signal });

/** Makes one record out of two: those that were previewed. */
export const mergeRecords = (form: string, { keep, drop }: MergePreview, take: string[], reason: string, key: string) =>
  call<Job>(`${recordPath(form, keep.id)}/merge`, {
    method: 'POST',
    body: { with: drop.id, version: keep.version, withVersion: drop.version, take, reason: reason || undefined },
    headers: { 'Idempotency-Key': key },
  });

export const listPools = (form: string, signal?: AbortSignal) =>
  call<{ pools: Pool[] }>(`${formPath(form)}/pools`, { signal });

/** Why somebody may or may not do something to a record, or with field to that field of it. */
/** A page of the people who see a record, or a field of it. */
export const viewersOf = (form: string, id: string, field?: string, after?: string, signal?: AbortSignal) =>
  call<{ viewers: Viewer[]; next?: string }>(`${recordPath(form, id)}/viewers`, { query: { field, after }, signal });

export const explainRight = (form: string, id: string, right: string, field?: string, signal?: AbortSignal) =>
  call<Explanation>(`${recordPath(form, id)}/explain`, { query: { right, field }, signal });

export const explainField = (form: string, id: string, field: string, signal?: AbortSignal) =>
  call<Explanation>(`${recordPath(form, id)}/explain`, { query: { field }, signal });
