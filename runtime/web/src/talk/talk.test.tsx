import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import type { Comment, RecordView } from '../api';
import { book, World } from '../test/world';
import { Timeline } from '../views/Timeline';

afterEach(() => vi.restoreAllMocks());
// jsdom lays nothing out.
Element.prototype.scrollIntoView ??= () => undefined;

const kim = { id: 'u1', title: '金' };
const lee = { id: 'u2', title: '李雷' };
const record = {
  id: 'b1',
  form: 'book',
  version: 1,
  values: {},
  rights: { update: true, delete: true },
} as unknown as RecordView;
const created = { at: '2026-03-02T01:00:00Z', actor: kim, op: 'recordCreated', changes: [], version: 1 };

interface Sent {
  text: string;
  mentions: string[];
}

/** A server with these comments; it refuses the first ones that are said. */
function serve(comments: Comment[], refusals = 0) {
  const sent: Sent[] = [];
  const keys: (string | null)[] = [];
  let left = refusals;
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (url, init) => {
    const path = String(url);
    if (init?.method === 'POST') {
      keys.push(new Headers(init.headers).get('Idempotency-Key'));
      if (left-- > 0) return Response.json({ title: '忙', detail: '稍后再试。', status: 503 }, { status: 503 });
      const said = JSON.parse(String(init.body)) as Sent;
      sent.push(said);
      comments.unshift({
        id: `c${sent.length}`,
        by: kim,
        at: '2026-03-02T03:00:00Z',
        text: said.text,
        mentions: [],
        files: [],
        mine: true,
        removes: true,
      });
      return Response.json(comments[0], { status: 201 });
    }
    if (init?.method === 'DELETE') {
      comments.splice(0, comments.length, ...comments.filter((one) => !path.endsWith(`/${one.id}`)));
      return new Response(null, { status: 204 });
    }
    if (path.includes('/people')) return Response.json({ people: [lee] });
    return Response.json(path.includes('/comments') ? { comments } : { entries: [created] });
  });
  return { sent, keys };
}

async function show() {
  render(
    <World>
      <Timeline form={book} record={record} />
    </World>,
  );
  return screen.findByRole('textbox', { name: '评论' });
}

test('a comment is said once, with whom it names, and stands above what came before', async () => {
  const { sent, keys } = serve([], 1);
  const box = await show();
  await userEvent.type(box, '请看 @李');
  await userEvent.click(await screen.findByText('李雷'));
  await userEvent.type(box, '谢谢');
  await userEvent.click(screen.getByRole('button', { name: '发表评论' }));
  // The server was busy: what was typed is still there, and the next attempt is the same one.
  await vi.waitFor(() => expect(keys).toHaveLength(1));
  await vi.waitFor(() =>
    expect((screen.getByRole('button', { name: '发表评论' }) as HTMLButtonElement).disabled).toBe(false),
  );
  await userEvent.click(screen.getByRole('button', { name: '发表评论' }));
  const list = within(screen.getByRole('region', { name: '动态' })).getByRole('list');
  await within(list).findByText(/谢谢/);
  expect(sent).toEqual([{ text: '请看 @李雷 谢谢', mentions: ['u2'] }]);
  expect(keys[0]).toBe(keys[1]);
  expect((box as HTMLTextAreaElement).value).toBe('');
});

test('one’s own comment can be taken back, another’s cannot', async () => {
  serve([
    {
      id: 'c2',
      by: lee,
      at: '2026-03-02T02:30:00Z',
      text: '好的 @金',
      mentions: [kim],
      files: [],
      mine: false,
      removes: false,
    },
    { id: 'c1', by: kim, at: '2026-03-02T02:00:00Z', text: '在吗', mentions: [], files: [], mine: true, removes: true },
  ]);
  await show();
  expect((await screen.findByText('@金')).tagName).toBe('B');
  await screen.findByText('在吗');
  await userEvent.click(screen.getByRole('button', { name: '删除评论' }));
  await vi.waitFor(() => expect(screen.queryByText('在吗')).toBeNull());
  screen.getByText(/好的/);
});
