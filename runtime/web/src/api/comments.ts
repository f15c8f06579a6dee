// What people say to each other about a record.
import type { components } from './api.gen';
import { call } from './client';
import { recordPath } from './records';

export type Comment = components['schemas']['comment'];

export interface CommentPage {
  comments: Comment[];
  next?: string;
}

const commentsPath = (form: string, id: string) => `${recordPath(form, id)}/comments`;

const commentPath = (form: string, id: string, comment: string) =>
  `${commentsPath(form, id)}/${encodeURIComponent(comment)}`;

export const commentsOf = (form: string, id: string, after?: string) =>
  call<CommentPage>(commentsPath(form, id), { query: { after, limit: 30 } });

export interface Said {
  text: string;
  mentions: string[];
  /** Files that the writer has brought. */
  files: string[];
}

export type Mention = components['schemas']['mention'];

export interface MentionPage {
  mentions: Mention[];
  next?: string;
}

/** Comments that mention me, of what I may read; a page may have none where more are to come. */
export const mentionsOfMe = (after: string, signal?: AbortSignal) =>
  call<MentionPage>('/mentions', { query: { after: after || undefined, limit: 30 }, signal });

/** once: a key of the attempt, with which it is said once however often it is sent. */
export const saySo = (form: string, id: string, said: Said, once: string) =>
  call<Comment>(commentsPath(form, id), { method: 'POST', body: said, headers: { 'Idempotency-Key': once } });

/** Says anew what one has said; its files stay as they are. */
export const sayAnew = (form: string, id: string, comment: string, { text, mentions }: Said) =>
  call<Comment>(commentPath(form, id, comment), { method: 'PATCH', body: { text, mentions } });

export const dropComment = (form: string, id: string, comment: string) =>
  call<void>(commentPath(form, id, comment), { method: 'DELETE' });
