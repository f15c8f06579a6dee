import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import { readDraft } from '../form/draft';
import type { Form } from '../meta';
import { showPage } from '../test/page';
import { type Asked, held, problem, recordOf, serve } from '../test/server';
import { book } from '../test/world';
import { QuickCreate } from './QuickCreate';

const form: Form = { ...book, fields: book.fields.filter(({ key }) => key !== 'lines') };
const draft = 'tw.draft.u1.book.new with 9';

let issues: { path: string; code: string; message: string }[];
const rules = ({ path }: Asked) => (path.endsWith('/evaluate') ? { values: {}, fields: {}, issues } : undefined);
let makes: ReturnType<typeof held>;
const onClose = vi.fn();
const onSaved = vi.fn();
beforeEach(() => {
  issues = [];
  makes = held();
  onClose.mockClear();
  onSaved.mockClear();
});

const show = (more: Partial<Parameters<typeof QuickCreate>[0]> = {}) =>
  showPage(
    <QuickCreate form={form} begin={{ state: 'b' }} about="with 9" onClose={onClose} onSaved={onSaved} {...more} />,
  );
const sheet = async () => within(await screen.findByRole('dialog', { name: '新建图书' }));
const labels = () => [...document.querySelectorAll('dialog [data-field] .name')].map((one) => one.textContent);
const ruled = (asked: Asked[], name: string) =>
  waitFor(() => expect(asked.some(({ body }) => JSON.stringify(body)?.includes(`"name":"${name}"`))).toBe(true));
async function type(asked: Asked[], name: string) {
  const input = (await sheet()).getByLabelText(/字段 text/);
  fireEvent.change(input, { target: { value: name } });
  await ruled(asked, name);
  // The answer must be there too: what the rules have not seen is not sure.
  await waitFor(() => expect(document.querySelector('dialog')).not.toBeNull());
}
const save = () => fireEvent.submit(document.querySelector('dialog form') as HTMLFormElement);
const posts = (asked: Asked[]) =>
  asked.filter(({ method, path }) => method === 'POST' && path === '/forms/book/records');

test('what must be said is asked for, and all the rest when somebody wants it', async () => {
  serve(rules);
  await show();
  await sheet();
  expect(labels()).toEqual([expect.stringContaining('字段 text')]);
  fireEvent.click((await sheet()).getByText('显示全部字段'));
  await waitFor(() => expect(labels()).toHaveLength(4));
  expect((await sheet()).queryByText('显示全部字段')).toBeNull();
});

test('what the rules require for this draft is asked for too, and what they set is not', async () => {
  const fields = {
    name: { visible: true, required: false, readOnly: false },
    price: { visible: true, required: true, readOnly: false },
    total: { visible: true, required: true, readOnly: true },
  };
  serve(({ path }) => (path.endsWith('/evaluate') ? { values: {}, fields, issues } : undefined));
  await show();
  await waitFor(() => expect(labels()).toEqual([expect.stringContaining('字段 currency')]));
});

test('what is wrong with a field that was not asked for is shown all the same', async () => {
  issues = [{ path: '/values/price', code: 'x', message: '单价太低' }];
  const asked = serve(rules, (one) => makes.answer(one));
  await show();
  await type(asked, '红楼梦');
  expect(labels()).toHaveLength(1);
  save();
  await (await sheet()).findByText('单价太低');
});

test('what the rules have nothing against is gone at once, made with what it began with, and can be taken back', async () => {
  const asked = serve(rules, (one) =>
    one.method === 'DELETE' ? new Response(null, { status: 204 }) : makes.answer(one),
  );
  await show();
  await type(asked, '红楼梦');
  await waitFor(() => {
    if (document.querySelector('dialog')) save();
    expect(document.querySelector('dialog')).toBeNull();
  });
  expect(onClose).not.toHaveBeenCalled();
  await waitFor(() => expect(makes.count).toBe(1));
  const made = recordOf('7', { name: '红楼梦', state: 'b' }, { version: 4 });
  makes.release(made);
  const said = (await screen.findByText('已新建')).closest('li') as HTMLElement;
  expect([onClose.mock.calls.length, onSaved.mock.lastCall]).toEqual([1, [made]]);
  expect(posts(asked).map(({ body }) => body)).toEqual([{ values: { name: '红楼梦', state: 'b' } }]);
  fireEvent.click(within(said).getByText('撤销'));
  await screen.findByText('已撤销');
  expect(asked.find(({ method }) => method === 'DELETE')).toMatchObject({
    path: '/forms/book/records/7',
    version: '4',
  });
});

test('what was refused after all comes back with what was typed, and why', async () => {
  const asked = serve(rules, (one) => makes.answer(one));
  await show();
  await type(asked, '红楼梦');
  await waitFor(() => {
    if (document.querySelector('dialog')) save();
    expect(document.querySelector('dialog')).toBeNull();
  });
  await waitFor(() => expect(makes.count).toBe(1));
  makes.release(problem(422, { errors: [{ path: '/values/name', code: 'x', message: '已有同名' }] }));
  await screen.findByText('没有保存成功，您填写的内容都留在表单里。');
  const back = await sheet();
  back.getByText('已有同名');
  expect((back.getByLabelText(/字段 text/) as HTMLInputElement).value).toBe('红楼梦');
  expect(readDraft(draft)?.changes).toMatchObject({ name: '红楼梦' });
  expect(onClose).not.toHaveBeenCalled();
});

test('where somebody waits for what is made, it stays until that is there', async () => {
  const asked = serve(rules, (one) => makes.answer(one));
  await show({ waits: true });
  await type(asked, '红楼梦');
  save();
  await waitFor(() => expect(makes.count).toBe(1));
  (await sheet()).getByText('正在保存…');
  makes.release(recordOf('7', { name: '红楼梦' }));
  await waitFor(() => expect(onSaved).toHaveBeenCalledOnce());
});

test('where it may not be deleted, no way back is offered', async () => {
  const asked = serve(rules, (one) => makes.answer(one));
  await show({ waits: true });
  await type(asked, '红楼梦');
  save();
  await waitFor(() => expect(makes.count).toBe(1));
  makes.release(recordOf('7', { name: '红楼梦' }, { rights: { update: true, delete: false, actions: [] } }));
  await waitFor(() => expect(onSaved).toHaveBeenCalledOnce());
  const said = (await screen.findAllByText('已新建')).at(-1)?.closest('li') as HTMLElement;
  expect(within(said).queryByText('撤销')).toBeNull();
});

test('what was typed for one is not there for another', async () => {
  const asked = serve(rules);
  await show();
  await type(asked, '红楼梦');
  document.body.innerHTML = '';
  await show({ about: 'with 10' });
  expect(((await sheet()).getByLabelText(/字段 text/) as HTMLInputElement).value).toBe('');
  expect(readDraft(draft)?.changes).toMatchObject({ name: '红楼梦' });
});
