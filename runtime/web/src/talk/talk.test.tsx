import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import type { Comment, RecordView } from '../api';
import { book, World } from '../test/world';
import { Timeline } from '../views/Timeline';

afterEach(() => {
  vi.restoreAllMocks();
  localStorage.clear();
});
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
  files?: string[];
}

/** A server with these comments; it refuses the first ones that are said. */
function serve(comments: Comment[], refusals = 0) {
  const sent: Sent[] = [];
  const keys: (string | null)[] = [];
  let left = refusals;
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (url, init) => {
    const path = String(url);
    if (path.endsWith('/files')) return Response.json({ id: 'f1', name: '报价.csv' }, { status: 201 });
    if (init?.method === 'PATCH') {
      const said = JSON.parse(String(init.body)) as Sent;
      sent.push(said);
      const at = comments.findIndex((one) => path.endsWith(`/${one.id}`));
      comments[at] = { ...(comments[at] as Comment), text: said.text, editedAt: '2026-03-02T04:00:00Z' };
      return Response.json(comments[at]);
    }
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
        files: (said.files ?? []).map((file) => ({ id: file, name: '报价.csv', size: 5, type: 'text/csv' })),
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
  expect(sent).toEqual([{ text: '请看 @李雷 谢谢', mentions: ['u2'], files: [] }]);
  expect(keys[0]).toBe(keys[1]);
  expect((box as HTMLTextAreaElement).value).toBe('');
});

const from = (by: typeof kim, id: string, text: string, rights: { mine: boolean; removes: boolean }): Comment => ({
  id,
  by,
  at: `2026-03-02T02:0${id.slice(1)}:00Z`,
  text,
  mentions: text.includes('@金') ? [kim] : [],
  files: [],
  ...rights,
});
const own = { mine: true, removes: true };

test('one’s own comment can be taken back when it is meant, another’s cannot', async () => {
  serve([from(lee, 'c2', '好的 @金', { mine: false, removes: false }), from(kim, 'c1', '在吗', own)]);
  await show();
  expect((await screen.findByText('@金')).tagName).toBe('B');
  await screen.findByText('在吗');
  await userEvent.click(screen.getByRole('button', { name: '删除评论' }));
  await userEvent.click(screen.getByRole('button', { name: '取消' }));
  screen.getByText('在吗');
  await userEvent.click(screen.getByRole('button', { name: '删除评论' }));
  await userEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: '删除' }));
  await vi.waitFor(() => expect(screen.queryByText('在吗')).toBeNull());
  screen.getByText(/好的/);
  expect(screen.queryByRole('button', { name: '修改评论' })).toBeNull();
});

test('who may take away what others have said is told whose it is and that it is noted', async () => {
  serve([from(lee, 'c1', '不合适', { mine: false, removes: true })]);
  await show();
  await userEvent.click(await screen.findByRole('button', { name: '移除 李雷 的评论' }));
  screen.getByText(/日志会记录/);
  await userEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: '删除' }));
  await vi.waitFor(() => expect(screen.queryByText('不合适')).toBeNull());
});

test('one’s own comment is written anew where it stands, and says so', async () => {
  const { sent } = serve([from(kim, 'c1', '周三见', own)]);
  await show();
  await userEvent.click(await screen.findByRole('button', { name: '修改评论' }));
  const box = (await screen.findByRole('textbox', { name: '修改评论' })) as HTMLTextAreaElement;
  expect(box.value).toBe('周三见');
  await userEvent.type(box, '面');
  await userEvent.click(screen.getByRole('button', { name: '保存' }));
  await screen.findByText('周三见面');
  expect(sent).toEqual([{ text: '周三见面', mentions: [] }]);
  screen.getByText('已修改');
});

test('files go with a comment, alone too, and can be taken out before', async () => {
  const { sent } = serve([]);
  await show();
  const upload = screen.getByLabelText('上传文件') as HTMLInputElement;
  await userEvent.upload(upload, new File(['a'], '报价.csv'));
  await userEvent.click(await screen.findByRole('button', { name: '移除 报价.csv' }));
  expect(screen.queryByRole('button', { name: '发表评论' })).toBeNull();
  await userEvent.upload(upload, new File(['a'], '报价.csv'));
  await userEvent.click(await screen.findByRole('button', { name: '发表评论' }));
  await vi.waitFor(() => expect(sent).toEqual([{ text: '', mentions: [], files: ['f1'] }]));
  const list = within(screen.getByRole('region', { name: '动态' })).getAllByRole('list')[0] as HTMLElement;
  await within(list).findByRole('button', { name: '报价.csv' });
});

test('what is not said yet is there when one comes back, and too much of it is not sent', async () => {
  const { keys } = serve([]);
  const first = await show();
  await userEvent.type(first, '还没写完');
  cleanup();
  const box = (await show()) as HTMLTextAreaElement;
  expect(box.value).toBe('还没写完');
  fireEvent.change(box, { target: { value: '长'.repeat(5001) } });
  screen.getByText(/超出 1 个/);
  expect((screen.getByRole('button', { name: '发表评论' }) as HTMLButtonElement).disabled).toBe(true);
  fireEvent.submit(box.closest('form') as HTMLFormElement);
  expect(box.value).toHaveLength(5001);
  expect(keys).toEqual([]);
});
