import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { SavedView, ViewInput } from '../api';
import { books, type Kept, lists, showList } from '../test/list';
import { type Asked, problem, serve } from '../test/server';

const saved = (more: Partial<SavedView> = {}): SavedView =>
  ({ id: 's1', name: '贵的', version: 3, mine: true, at: '', view: 'all', sort: '-price', ...more }) as SavedView;

let kept: Kept;
beforeEach(() => {
  kept = { records: books, views: [] };
});
afterEach(() => vi.restoreAllMocks());

/** Keeps views as the server does: what was changed meanwhile is refused. */
function keeps({ method, path, body }: Asked) {
  const id = path.split('/views/')[1];
  if (!id) return undefined;
  const was = kept.views.find((one) => one.id === id);
  const others = kept.views.filter((one) => one !== was);
  if (method === 'DELETE') {
    kept.views = others;
    return new Response(null, { status: 204 });
  }
  const input = body as ViewInput;
  if ((was?.version ?? 0) !== input.version) return problem(409, { detail: '这个视图刚被改过' });
  const now = saved({ ...input, id, version: input.version + 1 });
  kept.views = [...others, now];
  return now;
}

const tabs = async () => within(await screen.findByRole('group', { name: '视图' }));
const pressed = async () =>
  (await tabs()).getAllByRole('button', { pressed: true }).map((one) => one.textContent?.trim());
const sent = (asked: Asked[]) =>
  asked.filter(({ method }) => method === 'PUT').map(({ path, body }) => ({ path, ...(body as ViewInput) }));

async function openPanel() {
  fireEvent.click(await screen.findByLabelText('保存视图'));
  return within(await screen.findByRole('dialog', { name: '保存视图' }));
}
type Panel = Awaited<ReturnType<typeof openPanel>>;
const nameIt = (panel: Panel, name: string) =>
  fireEvent.change(panel.getByLabelText('视图名称'), { target: { value: name } });
const press = (panel: Panel, text: string) => fireEvent.click(panel.getByText(text));

test('how the list is looked at is kept under a name, as a tab that is open', async () => {
  const asked = serve(keeps, lists(kept));
  const f = '{"join":"and","items":[{"field":"price","op":"gte","value":"3"}]}';
  const { address } = await showList(`/f/book?view=all&q=${encodeURIComponent('红')}&sort=-price&group=state&f=${f}`);
  const panel = await openPanel();
  expect((panel.getByText('保存') as HTMLButtonElement).disabled).toBe(true);
  nameIt(panel, ' 红的 ');
  press(panel, '保存');
  await screen.findByText('视图已保存');
  const [made] = sent(asked);
  expect(made).toMatchObject({
    name: '红的',
    version: 0,
    view: 'all',
    q: '红',
    sort: '-price',
    group: 'state',
    filter: f,
  });
  expect(made).not.toHaveProperty('shared');
  await waitFor(async () => expect(await pressed()).toEqual(['红的']));
  expect((address().search as { saved: string }).saved).toBe(made?.path.split('/').at(-1));
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('a tab shows the list as it was kept, and nothing is offered to be saved but under another name', async () => {
  kept.views = [saved({ q: '水', filter: '{"join":"or","items":[]}', group: 'state' })];
  const asked = serve(keeps, lists(kept));
  const { address } = await showList('/f/book?view=cheap&pin=price');
  fireEvent.click(await (await tabs()).findByText('贵的'));
  await waitFor(() =>
    expect(address().search).toEqual({
      view: 'all',
      q: '水',
      f: '{"join":"or","items":[]}',
      group: 'state',
      sort: '-price',
      saved: 's1',
    }),
  );
  await waitFor(async () => expect(await pressed()).toEqual(['贵的']));
  expect(asked.some(({ search }) => search.get('sort') === '-price' && search.get('q') === '水')).toBe(true);
});

test('it is called otherwise in its place, and says what is new in it', async () => {
  kept.views = [saved()];
  const asked = serve(keeps, lists(kept));
  await showList('/f/book?view=all&sort=-price&saved=s1&group=state');
  await (await tabs()).findByText('贵的');
  const panel = await openPanel();
  expect((panel.getByLabelText('视图名称') as HTMLInputElement).value).toBe('贵的');
  nameIt(panel, '最贵的');
  press(panel, '保存');
  await (await tabs()).findByText('最贵的');
  expect(sent(asked)).toEqual([
    expect.objectContaining({ path: '/forms/book/views/s1', name: '最贵的', version: 3, group: 'state' }),
  ]);
  expect((await tabs()).queryByText('贵的')).toBeNull();
});

test('as another one, the first stays as it was', async () => {
  kept.views = [saved()];
  const asked = serve(keeps, lists(kept));
  await showList('/f/book?view=all&sort=price&saved=s1');
  await (await tabs()).findByText('贵的');
  const panel = await openPanel();
  nameIt(panel, '便宜在前');
  press(panel, '另存为');
  await waitFor(async () => expect(await pressed()).toEqual(['便宜在前']));
  expect(sent(asked)).toEqual([expect.objectContaining({ version: 0, sort: 'price' })]);
  expect(kept.views[0]).toEqual(saved());
});

test('it is shared with those of the same roles, or with a department', async () => {
  const asked = serve(keeps, lists(kept));
  const unit = { id: 'n1', name: { 'zh-CN': '华东', en: 'East' } };
  await showList('/f/book?view=all&sort=-price', { reader: { roles: ['clerk'], unit } });
  for (const whose of ['与我同角色的人', '华东及下级']) {
    const panel = await openPanel();
    nameIt(panel, whose);
    fireEvent.click(panel.getByLabelText(whose));
    press(panel, '保存');
    await (await tabs()).findByText(whose);
    fireEvent.click((await tabs()).getByText('全部'));
    await waitFor(async () => expect(await pressed()).toEqual(['全部']));
    fireEvent.click(screen.getByText('字段 currency'));
  }
  expect(sent(asked).map(({ shared }) => shared)).toEqual([{ roles: ['clerk'] }, { units: ['n1'] }]);
});

test('who belongs to nobody shares with nobody', async () => {
  serve(keeps, lists(kept));
  await showList('/f/book?view=all&sort=-price');
  const panel = await openPanel();
  expect(panel.getAllByRole('radio')).toHaveLength(1);
});

test('somebody else’s view is not one’s own to change: what is kept is a new one', async () => {
  kept.views = [saved({ mine: false, by: { id: 'u2', title: '李四' } } as Partial<SavedView>)];
  const asked = serve(keeps, lists(kept));
  await showList('/f/book?view=all&sort=-price&saved=s1');
  expect((await (await tabs()).findByText('贵的')).closest('button')?.title).toBe('李四');
  const panel = await openPanel();
  expect(panel.queryByText('删除')).toBeNull();
  nameIt(panel, '我的');
  press(panel, '保存');
  await (await tabs()).findByText('我的');
  expect(sent(asked)).toEqual([expect.objectContaining({ version: 0, name: '我的' })]);
  expect(sent(asked)[0]?.path).not.toContain('s1');
});

test('a view that is deleted is gone from the tabs, and the list stays as it is looked at', async () => {
  kept.views = [saved()];
  serve(keeps, lists(kept));
  const { address } = await showList('/f/book?view=all&sort=-price&saved=s1');
  await (await tabs()).findByText('贵的');
  press(await openPanel(), '删除');
  await waitFor(() => expect(kept.views).toEqual([]));
  await waitFor(async () => expect(await pressed()).toEqual(['全部']));
  expect(address().search).toEqual({ view: 'all', sort: '-price' });
});

test('what the server refuses is told where it was asked for, with the name still there', async () => {
  const no = ({ method }: Asked) => (method === 'PUT' ? problem(403, { detail: '您不能共享视图' }) : undefined);
  serve(no, lists(kept));
  await showList('/f/book?view=all&sort=-price');
  const panel = await openPanel();
  nameIt(panel, '红的');
  press(panel, '保存');
  await panel.findByText('您不能共享视图');
  expect((panel.getByLabelText('视图名称') as HTMLInputElement).value).toBe('红的');
  expect(kept.views).toEqual([]);
});

test('a view that is not deleted says so and stays', async () => {
  kept.views = [saved()];
  const no = ({ method }: Asked) => (method === 'DELETE' ? problem(403, { detail: '您不能删除它' }) : undefined);
  serve(no, lists(kept));
  await showList('/f/book?view=all&sort=-price&saved=s1');
  await (await tabs()).findByText('贵的');
  press(await openPanel(), '删除');
  await screen.findByText('您不能删除它');
  await (await tabs()).findByText('贵的');
});

test('where it was changed elsewhere, that is told, and whoever saves again does so over it', async () => {
  kept.views = [saved()];
  serve(keeps, lists(kept));
  await showList('/f/book?view=all&sort=price&saved=s1');
  await (await tabs()).findByText('贵的');
  kept.views = [saved({ version: 4, sort: 'name' })];
  const panel = await openPanel();
  press(panel, '保存');
  await panel.findByText('这个视图刚被改过');
  await waitFor(() => {
    press(panel, '保存');
    expect(kept.views).toEqual([saved({ version: 5, sort: 'price' })]);
  });
});

test('a view whose answer was lost is kept once, however often it is sent', async () => {
  let lost = true;
  const loses = (asked: Asked) => {
    const answer = keeps(asked);
    if (asked.method !== 'PUT' || !lost) return answer;
    lost = false;
    return new Response('', { status: 502 });
  };
  const asked = serve(loses, lists(kept));
  await showList('/f/book?view=all&sort=-price');
  const panel = await openPanel();
  nameIt(panel, '红的');
  press(panel, '保存');
  await (await tabs()).findByText('红的');
  press(panel, '保存');
  await screen.findByText('视图已保存');
  expect(kept.views.map(({ name }) => name)).toEqual(['红的']);
  expect(new Set(sent(asked).map(({ path }) => path)).size).toBe(1);
});
