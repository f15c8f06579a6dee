import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import type { ActionView, Form } from '../meta';
import { Toasts } from '../shell/Toasts';
import { book, label, World } from '../test/world';
import { FormActions } from './FormActions';

const went = vi.fn();
vi.mock('@tanstack/react-router', () => ({ useNavigate: () => went }));

const action = (key: string, more: Partial<ActionView> = {}): ActionView => ({
  key,
  label: label(key),
  kind: 'plain',
  many: false,
  onForm: true,
  ask: { reason: 'no' },
  ...more,
});
const asking = action('进货', {
  ask: { reason: 'no', args: [{ key: 'count', label: label('几本'), kind: 'number', required: true }] },
});

let sent: { path: string; body: unknown; key: string | null }[];
let answers: Response[];
const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });
const wrote = (...records: object[]) => json(200, { records });

beforeEach(() => {
  sent = [];
  answers = [];
  went.mockReset();
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    const key = new Headers(init.headers).get('Idempotency-Key');
    sent.push({ path, body: JSON.parse(String(init.body)), key });
    const answer = answers.shift();
    if (!answer) throw new Error(`nobody expected ${path}`);
    return answer;
  });
});

function show(...actions: ActionView[]) {
  render(
    <World>
      <FormActions form={{ ...book, actions } as Form} />
      <Toasts />
    </World>,
  );
  return userEvent.setup();
}

test('what is on records has no button here', () => {
  show(action('借', { onForm: false, many: true }), action('进货'));
  expect(screen.getAllByRole('button').map((one) => one.textContent)).toEqual(['进货']);
});

test('what asks for nothing is done at once, and leads to the one record that it has made', async () => {
  answers.push(wrote({ form: 'shelf', id: 's1', created: true }, { form: 'book', id: 'b1', created: false }));
  const user = show(action('进货'));
  await user.click(screen.getByRole('button', { name: '进货' }));
  await user.click(await screen.findByRole('button', { name: '查看' }));
  expect(sent).toMatchObject([{ path: '/api/v1/forms/book/act/%E8%BF%9B%E8%B4%A7', body: { args: {} } }]);
  expect(sent[0]?.key).toBeTruthy();
  expect(went).toHaveBeenCalledWith({ to: '/f/$form/$id', params: { form: 'shelf', id: 's1' } });
});

test('of several records it says how many, and leads to none', async () => {
  answers.push(wrote({ form: 'book', id: 'b1', created: true }, { form: 'book', id: 'b2', created: true }));
  const user = show(action('进书'));
  await user.click(screen.getByRole('button', { name: '进书' }));
  await screen.findByText('「进书」已完成，写入 2 条记录');
  expect(screen.queryAllByRole('button', { name: '查看' })).toHaveLength(0);
});

test('what it asks for is asked in a dialog, where a refusal stands at its input', async () => {
  answers.push(
    json(422, {
      status: 422,
      code: 'action.refused',
      title: 'x',
      errors: [{ path: '/args/count', code: 'c', message: '太多' }],
    }),
    wrote(),
  );
  const user = show(asking);
  await user.click(screen.getByRole('button', { name: '进货' }));
  const submit = () => screen.getAllByRole('button', { name: '进货', hidden: true }).at(-1) as HTMLElement;
  await user.click(submit());
  expect(sent).toEqual([]);
  await user.type(screen.getByLabelText(/几本/), '9');
  await user.click(submit());
  await screen.findByText('太多');
  await user.click(submit());
  await waitFor(() => expect(screen.queryByLabelText(/几本/)).toBeNull());
  expect(sent).toHaveLength(2);
  expect(sent[0]?.key).not.toBe(sent[1]?.key);
});

test('what was refused is told in the words of the server', async () => {
  answers.push(json(403, { status: 403, code: 'action.mayNotNow', title: 'x', detail: '现在不行' }));
  const user = show(action('清点'));
  await user.click(screen.getByRole('button', { name: '清点' }));
  await screen.findByText('现在不行');
});

test('beyond two they are in a menu', async () => {
  const user = show(action('一'), action('二'), action('三'));
  answers.push(wrote());
  await user.click(screen.getByRole('button', { name: '更多操作' }));
  await user.click(screen.getByRole('button', { name: '三' }));
  await waitFor(() => expect(sent).toHaveLength(1));
});
