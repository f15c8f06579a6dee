// A form beside those of the demo, for walks that need one of a kind that it does not have.
import { Api, type Stored } from './api';

export const label = (text: string) => ({ 'zh-CN': text, en: text });

export interface FormDraft {
  'x-form': string;
  properties: Record<string, object>;
  [word: string]: unknown;
}

/** A form whose records are named by the field given. */
export const formOf = (key: string, text: string, title: string, properties: Record<string, object>): FormDraft => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  'x-form': key,
  'x-label': label(text),
  type: 'object',
  'x-title': title,
  'x-order': Object.keys(properties),
  properties,
});

/** Publishes a form, and what is said to be beside it by path, and lets a director do everything with its records. */
export async function publish(address: string, form: FormDraft, beside: Record<string, object> = {}): Promise<void> {
  const key = form['x-form'];
  const api = await Api.as(address, 'admin');
  const put = (path: string, content: object, headers: Record<string, string>) =>
    api.call('PUT', `/admin/drafts/${path}`, { content: JSON.stringify(content) }, headers);
  const files = { [`forms/${key}/form.json`]: form, ...beside };
  for (const [path, content] of Object.entries(files)) await put(path, content, { 'If-None-Match': '*' });
  const role = await api.call<{ tag: string; content: string }>('GET', '/admin/drafts/roles/salesDirector.json');
  const content = JSON.parse(role.content);
  const all = { scope: 'all' };
  content.forms[key] = { create: true, read: all, update: all, delete: all, export: all };
  content.menu?.push(key);
  await put('roles/salesDirector.json', content, { 'If-Match': `"${role.tag}"` });
  const { id } = await api.call<Stored>('POST', '/admin/publish', { note: 'for a walk' });
  await api.ended(id);
}
