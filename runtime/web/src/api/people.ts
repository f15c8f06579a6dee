// What one says of oneself, by whose eyes one sees the app, and what administrators do with people.
import { call, callTagged } from './client';
import type { Ref } from './types';

export interface Absence {
  person: Ref;
  /** Days, both included. */
  from: string;
  to: string;
  deputy: Ref | null;
}

export interface Absences {
  away: Absence[];
  standsIn: Absence[];
}

export const absences = (signal?: AbortSignal) => callTagged<Absences>('/me/absence', { signal });
export const setAbsences = (tag: string, away: { from: string; to: string; deputy?: string }[]) =>
  callTagged<Absences>('/me/absence', { method: 'PUT', headers: { 'If-Match': tag }, body: { away } });

export const beginViewing = (body: { user: string; reason: string; minutes: number }) =>
  call<void>('/me/viewing', { method: 'POST', body });
export const endViewing = () => call<void>('/me/viewing', { method: 'DELETE' });

/** Keeps for the administrators that a record is printed. */
export const notePrint = (form: string, id: string) =>
  call<void>(`/forms/${form}/printed`, { method: 'POST', body: { records: [id] } });

export interface LogEntry {
  key: string;
  at: string;
  actor: string;
  actorName?: string;
  op: string;
  form?: string;
  record?: string;
  count?: number;
  target?: string;
  targetName?: string;
  note?: string;
}

export interface LogPage {
  entries: LogEntry[];
  next?: string;
  incomplete?: boolean;
}

export interface LogQuery {
  actor?: string;
  op?: string;
  form?: string;
  record?: string;
  from?: string;
  to?: string;
  after?: string;
}

export const listLog = (query: LogQuery, signal?: AbortSignal) =>
  call<LogPage>('/admin/audit', { query: { ...query }, signal });

export interface StaffLine {
  sheet: 'people' | 'units';
  row: number;
  name: string;
  does: 'new' | 'changed' | 'same';
  username?: string;
  password?: string;
}

export interface StaffIssue {
  sheet?: string;
  row?: number;
  column?: string;
  text?: string;
  code: string;
  message: string;
}

export interface Staff {
  rows: StaffLine[];
  issues: StaffIssue[];
  done: boolean;
  stopped?: string;
}

export const bringStaff = (file: string, dryRun: boolean) =>
  call<Staff>('/admin/staff', { method: 'POST', body: { file, dryRun } });
export const staffTemplate = '/api/v1/admin/staff/template';
