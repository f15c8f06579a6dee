// What somebody has typed and not saved yet: kept in the browser, so that nothing ends it but saving or dropping it.
import type { Values } from '../api';

export interface Draft {
  /** The version of the record that the changes are meant for; 0 for a new one. */
  version: number;
  changes: Values;
  at: number;
}

const prefix = 'tw.draft.';
/** Drafts older than this are tidied away, ms. */
const lifetime = 30 * 24 * 60 * 60 * 1000;

export const draftKey = (user: string, form: string, id: string) => `${prefix}${user}.${form}.${id}`;

export function readDraft(key: string): Draft | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? 'null') as Draft | null;
    return kept && Object.keys(kept.changes).length > 0 ? kept : undefined;
  } catch {
    return undefined;
  }
}

export function writeDraft(key: string, draft: Draft): void {
  try {
    if (Object.keys(draft.changes).length === 0) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // The browser's storage is full: what is typed stays on the page.
  }
}

export const dropDraft = (key: string): void => localStorage.removeItem(key);

export function tidyDrafts(now: number): void {
  for (const key of Object.keys(localStorage).filter((one) => one.startsWith(prefix))) {
    const draft = readDraft(key);
    if (!draft || now - draft.at > lifetime) dropDraft(key);
  }
}
