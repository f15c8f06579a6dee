// A list of books at its own address, and the server that has them.
import { vi } from 'vitest';
import type { RecordView, SavedView } from '../api';
import type { Form, View } from '../meta';
import { ListPage } from '../views/ListPage';
import { showAt } from './page';
import { type Asked, recordOf } from './server';
import { type Brought, book, label } from './world';

const view = (key: string, name: string, more: Partial<View> = {}) =>
  ({ key, form: 'book', label: label(name), kind: 'table', columns: ['name', 'price', 'state'], ...more }) as View;

export const shelf: Form = {
  ...book,
  fields: book.fields.filter(({ key }) => key !== 'lines'),
  views: [view('all', '全部'), view('cheap', '便宜的', { sort: 'price' })],
};

export const books = [
  recordOf('1', { name: '红楼梦', price: '3.00', state: 'a' }),
  recordOf('2', { name: '水浒传', price: '4.00', state: 'b' }),
];

/** What the server has: a test changes it. */
export interface Kept {
  records: RecordView[];
  views: SavedView[];
}

export const lists =
  (kept: Kept) =>
  ({ method, path }: Asked) => {
    if (path === '/forms/book/aggregate') return { rows: [{ keys: ['a'], metrics: [1, '3.00'] }] };
    if (method !== 'GET') return undefined;
    if (path === '/forms/book/views') return { views: kept.views };
    return { records: kept.records, count: { value: kept.records.length, exact: true } };
  };

/** Rows are virtual: a page without a height has none. */
export function showList(at: string, brought: Brought = {}) {
  vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(600);
  vi.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(800);
  return showAt('/f/$form', ListPage, { at, forms: [shelf], ...brought });
}
