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

export const commentsOf = (form: string, id: string, after?: string) =>
  call<CommentPage>(commentsPath(form, id), { query: { after, limit: 30 } });

/** once: a key of the attempt, with which it is said once however often it is sent. */
export const saySo = (form: string, id: string, said: { text: string; mentions: string[] }, once: string) =>
  call<Comment>(commentsPath(form, id), { method: 'POST', body: said, headers: { 'Idempotency-Key': once } });

export const dropComment = (form: string, id: string, comment: string) =>
  call<void>(`${commentsPath(form, id)}/${encodeURIComponent(comment)}`, { method: 'DELETE' });
