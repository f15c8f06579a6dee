// Views that people save.
import { call } from './client';
import { formPath } from './records';
import type { SavedView, ViewInput } from './types';

const viewPath = (form: string, id: string) => `${formPath(form)}/views/${encodeURIComponent(id)}`;

export const listViews = (form: string) => call<{ views: SavedView[] }>(`${formPath(form)}/views`);

/** Keeps a view under an id of the client's own making: sent again it is the same one. */
export const saveView = (form: string, id: string, view: ViewInput) =>
  call<SavedView>(viewPath(form, id), { method: 'PUT', body: view });

export const dropView = (form: string, id: string) => call<void>(viewPath(form, id), { method: 'DELETE' });
