// What the person is told, and the stream that says when to look again.
import type { operations } from './api.gen';
import { call } from './client';
import type { Notification, Unread } from './types';

/** What the person wants to hear of, as the server says it. */
export type NoticeChoices = operations['notificationChoices']['responses'][200]['content']['application/json'];
export type ChosenChannel = NoticeChoices['channels'][number];
export type NoticeWay = ChosenChannel['usual'];

export interface NotificationPage {
  notifications: Notification[];
  next?: string;
  unread: Unread;
}

export const listNotifications = (after?: string, signal?: AbortSignal) =>
  call<NotificationPage>('/notifications', { query: { after }, signal });

export const readNotifications = (which: { ids: string[] } | { all: true }) =>
  call<{ unread: Unread }>('/notifications/read', { method: 'POST', body: which });

export const notificationChoices = (signal?: AbortSignal) => call<NoticeChoices>('/notifications/choices', { signal });

/** All choices at once, in the place of those before. */
export const chooseNotifications = ({ kinds, channels, digestAt, quiet }: NoticeChoices) =>
  call<void>('/notifications/choices', {
    method: 'PUT',
    body: {
      off: kinds.filter((one) => !one.on).map((one) => one.kind),
      channels: Object.fromEntries(channels.map(({ channel, ways }) => [channel, ways])),
      digestAt,
      quiet: quiet ?? null,
    },
  });

/** Where the server says what becomes of records in the person's sight. */
export const eventsAddress = '/api/v1/events';

/** Work that has come on. */
export interface HeardJob {
  id: string;
}

/** What has become of a record. */
export interface Heard {
  form: string;
  id: string;
  version: number;
  kind: 'created' | 'changed' | 'gone' | 'talked';
}
