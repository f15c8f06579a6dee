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
