// How a pool's records are handed out.
import { call } from './client';
import { formPath, newKey } from './records';
import type { Deal, DealPreview, Draw, DrawLine, Job, Share } from './types';

const poolPath = (form: string, pool: string) => `${formPath(form)}/pools/${encodeURIComponent(pool)}`;

export const previewDeal = (form: string, pool: string, deal: Deal, signal?: AbortSignal) =>
  call<DealPreview>(`${poolPath(form, pool)}/distribute`, { method: 'POST', body: { ...deal, preview: true }, signal });

export const dealOut = (form: string, pool: string, deal: Deal, key: string = newKey()) =>
  call<Job>(`${poolPath(form, pool)}/distribute`, { method: 'POST', body: deal, headers: { 'Idempotency-Key': key } });

export const listDraws = (form: string, pool: string) => call<{ draws: DrawLine[] }>(`${poolPath(form, pool)}/draws`);

export const getDraw = (form: string, pool: string, id: string, after?: number) =>
  call<Draw>(`${poolPath(form, pool)}/draws/${encodeURIComponent(id)}`, { query: { after } });

export const getLedger = (form: string, pool: string, distribution?: string) =>
  call<{ people: Share[] }>(`${poolPath(form, pool)}/ledger`, { query: { distribution } });

/** seen: how many of the records that it would take are told to whoever turns it on. */
export const sweepPool = (
  form: string,
  pool: string,
  what: { do: 'on' | 'off' | 'force'; seen?: number },
  key: string,
) =>
  call<Job | undefined>(`${poolPath(form, pool)}/sweep`, {
    method: 'POST',
    body: what,
    headers: { 'Idempotency-Key': key },
  });
