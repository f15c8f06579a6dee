// What the person is told, and the stream that says when to look again.
import { call } from './client';
import type { Notification, Unread } from './types';

export interface NotificationPage {
  notifications: Notification[];
  next?: string;
  unread: Unread;
}

export const listNotifications = (after?: string, signal?: AbortSignal) =>
  call<NotificationPage>('/notifications', { query: { after }, signal });

export const readNotifications = (which: { ids: string[] } | { all: true }) =>
  call<{ unread: Unread }>('/notifications/read', { method: 'POST', body: which });

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
  kind: 'created' | 'changed' | 'gone';
}
