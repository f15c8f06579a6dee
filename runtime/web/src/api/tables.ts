// Tables that come in and go out.
import { call } from './client';
import { formPath, newKey } from './records';
import type { Export, FileLook, ImportedRows, ImportRequest, Job } from './types';

const post = <T>(path: string, body: unknown, key?: string) =>
  call<T>(path, { method: 'POST', body, headers: key ? { 'Idempotency-Key': key } : {} });

/** A workbook to be filled with new records, with a sheet for the rows of each table. */
export const templateAddress = (form: string) => `/api/v1${formPath(form)}/import-template`;

/** What a file holds, and what may be meant by its columns. */
export const lookAt = (form: string, file: string, choice: Partial<ImportRequest> = {}) =>
  post<FileLook>(`${formPath(form)}/import/look`, { ...choice, file });

export const importFile = (form: string, request: ImportRequest, key: string = newKey()) =>
  post<Job>(`${formPath(form)}/import`, request, key);

/** What became of the rows of an import, or would; op narrows to made, changed, unchanged or refused. */
export const importedRows = (job: string, op?: string, after?: string) =>
  call<ImportedRows>(`/jobs/${encodeURIComponent(job)}/rows`, { query: { op, after } });

export const exportRecords = (form: string, request: Export, key: string = newKey()) =>
  post<Job>(`${formPath(form)}/export`, request, key);

/** Where a file is fetched from. */
export const fileAddress = (id: string) => `/api/v1/files/${encodeURIComponent(id)}`;
