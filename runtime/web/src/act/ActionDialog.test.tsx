import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import type { RecordView } from '../api';
import type { ActionView, Form } from '../meta';
import { Toasts } from '../shell/Toasts';
import { book, label, World } from '../test/world';
import { ActionDialog } from './ActionDialog';

vi.mock('@tanstack/react-router', () => ({
  Link: ({ children, params }: { children: React.ReactNode; params: { id: string } }) => (
    <a href={`/f/book/${params.id}`}>{children}</a>
  ),
}));

const back: ActionView = {
  key: 'back',
  label: label('归还'),
  kind: 'danger',
  many: true,
  ask: { reason: 'required', reasons: [{ value: 'torn', label: label('破了') }] },
};
const form: Form = { ...book, actions: [back] };
const one = (id: string) =>
  ({
    id,
    form: 'book',
    version: 1,
    values: { name: `书 ${id}` },
    rights: { update: true, delete: true, actions: ['back'] },
  }) as unknown as RecordView;

interface Sent {
  path: string;
  body: unknown;
  key: string | null;
}
let sent: Sent[];
let answers: (() => Response)[];
const json = (status: number, body: unknown) =>
  new Response(body === undefined ? null : JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json' },
  });

beforeEach(() => {
  sent = [];
  answers = [];
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    sent.push({
      path,
      body: init.body && JSON.parse(String(init.body)),
      key: new Headers(init.headers).get('Idempotency-Key'),
    });
    const answer = answers.shift();
    if (!answer) throw new Error(`nobody expected ${path}`);
    return answer();
  });
});

function open(records: RecordView[], more: { onClose?: () => void; onGone?: () => void; onDone?: () => void } = {}) {
  const { onClose = () => undefined, ...rest } = more;
  render(
    <World>
      <ActionDialog form={form} action={back} records={records} onClose={onClose} {...rest} />
    </World>,
  );
  return userEvent.setup();
}
const doIt = () => screen.getByRole('button', { name: '归还', hidden: true });

test('a reason that is missing is asked for before anything is sent', async () => {
  const user = open([one('a')]);
  await user.click(doIt());
  expect(screen.getByRole('alert', { hidden: true }).textContent).toBe('这一项必填');
  expect(sent).toEqual([]);
});

test('pressed twice it is sent once, with the reason by its value', async () => {
  const onClose = vi.fn();
  let answer = (_: Response) => {};
  const user = open([one('a')], { onClose });
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
    sent.push({ path, body: JSON.parse(String(init.body)), key: null });
    return new Promise<Response>((resolve) => {
      answer = resolve;
    });
  });
  await user.click(screen.getByLabelText('破了'));
  await user.dblClick(doIt());
  expect(sent).toEqual([
    { path: '/api/v1/forms/book/records/a/actions/back', body: { args: { reason: 'torn' } }, key: null },
  ]);
  answer(json(200, one('a')));
  await waitFor(() => expect(onClose).toHaveBeenCalledOnce());
});

test('a refusal is told in the words of the server, the dialog stays, and the next try is another one', async () => {
  const onClose = vi.fn();
  answers.push(
    () => json(409, { status: 409, title: 'x', detail: '名额已用完', code: 'pool.quotaSpent' }),
    () => json(200, one('a')),
  );
  const user = open([one('a')], { onClose });
  await user.click(screen.getByLabelText('破了'));
  await user.click(doIt());
  await screen.findByText('名额已用完');
  expect(onClose).not.toHaveBeenCalled();
  await user.click(doIt());
  await waitFor(() => expect(onClose).toHaveBeenCalledOnce());
  expect(sent[0]?.key).not.toBe(sent[1]?.key);
});

test('where nothing is heard the next try is the same one', async () => {
  const user = open([one('a')]);
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    sent.push({ path, body: null, key: new Headers(init.headers).get('Idempotency-Key') });
    throw new TypeError('offline');
  });
  await user.click(screen.getByLabelText('破了'));
  await user.click(doIt());
  await screen.findByText(/连不上服务器/);
  await user.click(doIt());
  await waitFor(() => expect(sent).toHaveLength(2));
  expect(sent[0]?.key).toBe(sent[1]?.key);
});

test('what whoever acts had better know is told with the word that it is done', async () => {
  answers.push(() =>
    json(200, { ...one('a'), warning: { code: 'pool.assignedCooling', message: '她昨天才还过这本书' } }),
  );
  const user = open([one('a')]);
  render(<Toasts />);
  await user.click(screen.getByLabelText('破了'));
  await user.click(doIt());
  await screen.findByText('「归还」已完成。她昨天才还过这本书');
});

test('without content the record is out of sight', async () => {
  const onGone = vi.fn();
  answers.push(() => json(204, undefined));
  const user = open([one('a')], { onGone });
  await user.click(screen.getByLabelText('破了'));
  await user.click(doIt());
  await waitFor(() => expect(onGone).toHaveBeenCalledOnce());
});

test('for many it is a job, whose report says what was not done and why, record by record', async () => {
  const onDone = vi.fn();
  const job = { id: 'j1', kind: 'bulk', state: 'queued', progress: { done: 0, total: 2 }, createdAt: '' };
  answers.push(
    () => json(202, job),
    () =>
      json(200, {
        ...job,
        state: 'done',
        progress: { done: 2, total: 2 },
        report: {
          counts: { changed: 1, refused: 1 },
          refusals: [],
          refused: [{ at: 'b', code: 'pool.holdFull', message: '已达上限' }],
          complete: true,
        },
      }),
  );
  const user = open([one('a'), one('b')], { onDone });
  await user.click(screen.getByLabelText('破了'));
  await user.click(doIt());
  await screen.findByText('已达上限');
  expect(screen.getByText('书 b').getAttribute('href')).toBe('/f/book/b');
  expect(sent[0]).toMatchObject({
    path: '/api/v1/forms/book/actions/back',
    body: { ids: ['a', 'b'], args: { reason: 'torn' } },
  });
  expect(sent[0]?.key).toBeTruthy();
  await waitFor(() => expect(onDone).toHaveBeenCalledOnce());
});
