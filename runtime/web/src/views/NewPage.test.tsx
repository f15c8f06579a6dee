import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { readDraft, writeDraft } from '../form/draft';
import type { Form } from '../meta';
import { showAt } from '../test/page';
import { type Asked, held, problem, recordOf, serve } from '../test/server';
import { book } from '../test/world';
import { NewPage } from './NewPage';

const form: Form = { ...book, fields: book.fields.filter(({ key }) => key !== 'lines' && key !== 'total') };
const draft = 'tw.draft.u1.book.new';

/** What the rules say: nothing against it, unless a test lets them. */
let issues: { path: string; code: string; message: string }[];
const rules = ({ path }: Asked) => (path.endsWith('/evaluate') ? { values: {}, fields: {}, issues } : undefined);
let makes: ReturnType<typeof held>;
beforeEach(() => {
  issues = [];
  makes = held();
});

const show = (search = '', forms = [form]) => showAt('/f/$form/new', NewPage, { at: `/f/book/new${search}`, forms });
const input = (label: string | RegExp) => screen.findByLabelText<HTMLInputElement>(label);
async function type(text: string) {
  const name = await input(/字段 text/);
  fireEvent.change(name, { target: { value: text } });
}
const save = () => fireEvent.submit(document.getElementById('new-record') as HTMLFormElement);
const posts = (asked: Asked[]) =>
  asked.filter(({ method, path }) => method === 'POST' && path === '/forms/book/records');

test('the page says what is made, and begins with what the address brings of the fields that there are', async () => {
  serve(rules);
  await show(`?with=${encodeURIComponent('{"name":"红楼梦","gone":"x","state":"b"}')}`);
  screen.getByRole('heading', { name: '新建图书' });
  expect(document.title).toBe('新建图书');
  expect((await input(/字段 text/)).value).toBe('红楼梦');
  expect(screen.getByTitle('移到「乙」').getAttribute('aria-current')).toBe('step');
});

test('what is no beginning is none', async () => {
  serve(rules);
  await show('?with=%7Bbroken');
  expect((await input(/字段 text/)).value).toBe('');
});

test('what is saved is one record, however often it is pressed, and its page stands in place of this one', async () => {
  const asked = serve(rules, (one) => makes.answer(one));
  const { address, history } = await show();
  await type('红楼梦');
  fireEvent.click(screen.getByTitle('移到「乙」'));
  save();
  save();
  const button = await screen.findByText('正在保存…');
  expect((button as HTMLButtonElement).disabled).toBe(true);
  makes.release(recordOf('7', { name: '红楼梦', state: 'b' }));
  await waitFor(() => expect(address().pathname).toBe('/f/book/7'));
  expect(posts(asked).map(({ body }) => body)).toEqual([{ values: { name: '红楼梦', state: 'b' } }]);
  expect(readDraft(draft)).toBeUndefined();
  await act(async () => history.back());
  await waitFor(() => expect(address().pathname).toBe('/'));
});

test('nothing is wrong before somebody has tried to save; then all that is is told, and what was typed stands', async () => {
  issues = [{ path: '/values/price', code: 'required', message: '请填写单价' }];
  const refusal = () => problem(422, { errors: issues });
  const asked = serve(rules, (one) => makes.answer(one));
  await show();
  await type('红楼梦');
  await waitFor(() => expect(asked.filter(({ path }) => path.endsWith('/evaluate')).length).toBeGreaterThan(1));
  expect(screen.queryByText('请填写单价')).toBeNull();
  save();
  await waitFor(() => expect(makes.count).toBe(1));
  makes.release(refusal());
  await screen.findByText('请填写单价');
  screen.getByText('还有 1 项需要修改，已在下方标出。');
  const price = await input('字段 currency');
  expect(price.getAttribute('aria-invalid')).toBe('true');
  expect((await input(/字段 text/)).value).toBe('红楼梦');
});

test('a fault of the server loses nothing, and is tried again', async () => {
  const asked = serve(rules, (one) => makes.answer(one));
  await show();
  await type('红楼梦');
  save();
  await waitFor(() => expect(makes.count).toBe(1));
  makes.release(problem(500));
  const again = await screen.findByRole('button', { name: '重试' });
  expect((await input(/字段 text/)).value).toBe('红楼梦');
  expect(readDraft(draft)?.changes).toEqual({ name: '红楼梦' });
  fireEvent.click(again);
  await waitFor(() => expect(makes.count).toBe(1));
  makes.release(recordOf('7', { name: '红楼梦' }));
  await screen.findByText('已新建');
  expect(posts(asked)).toHaveLength(2);
});

test('a draft from before is brought back, which is said, and can be dropped', async () => {
  writeDraft(draft, { version: 0, changes: { name: '写到一半' }, at: Date.now() });
  serve(rules);
  await show();
  expect((await input(/字段 text/)).value).toBe('写到一半');
  fireEvent.click(await screen.findByText('放弃草稿'));
  await waitFor(async () => expect((await input(/字段 text/)).value).toBe(''));
  expect(readDraft(draft)).toBeUndefined();
});

test('to cancel is to drop what was typed and go back to where one came from', async () => {
  serve(rules);
  const { address } = await show();
  await type('红楼梦');
  await waitFor(() => expect(readDraft(draft)).toBeDefined());
  fireEvent.click(screen.getByText('取消'));
  await waitFor(() => expect(address().pathname).toBe('/'));
  expect(readDraft(draft)).toBeUndefined();
});

test('who may make none, or names no form, finds no page', async () => {
  serve(rules);
  await show('', [{ ...form, rights: { ...form.rights, create: false } }]);
  await screen.findByText(/没有找到/);
  expect(screen.queryByLabelText('字段 text')).toBeNull();
});
