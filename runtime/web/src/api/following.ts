// Following records: one is told of what others change of them and say about them.
import type { components } from './api.gen';
import { call } from './client';
import { recordPath } from './records';

export type Following = components['schemas']['following'];

const followPath = (form: string, id: string) => `${recordPath(form, id)}/follow`;

export const followingOf = (form: string, id: string, signal?: AbortSignal) =>
  call<Following>(followPath(form, id), { signal });

export const setFollowing = (form: string, id: string, follows: boolean) =>
  call<Following>(followPath(form, id), { method: follows ? 'PUT' : 'DELETE' });

export type Followed = components['schemas']['followedRecord'];

export interface FollowedPage {
  records: Followed[];
  next?: string;
}

/** What I follow and may read, of one form or of all; a page may have none where more are to come. */
export const followedRecords = (form: string, after: string, signal?: AbortSignal) =>
  call<FollowedPage>('/followed', { query: { form: form || undefined, after: after || undefined, limit: 50 }, signal });
