import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import type { RecordView } from '../api';
import { readDraft } from '../form/draft';
import type { Form, View } from '../meta';
import { showPage } from '../test/page';
import { type Asked, held, problem, recordOf, serve } from '../test/server';
import { book } from '../test/world';
import { KanbanView } from './KanbanView';
import type { ListProps } from './listProps';

let kept: RecordView[];
let changes: ReturnType<typeof held>;
beforeEach(() => {
  changes = held();
  kept = [
    recordOf('1', { name: '红楼梦', price: '2000.10', state: 'a' }),
    recordOf('2', { name: '水浒传', price: '5.00', state: 'b' }),
    recordOf('3', { name: '无名', price: null }),
  ];
});

const wanted = (filter: string) => {
  const { and = [JSON.parse(filter)] } = JSON.parse(filter) as { and?: { op: string; value?: string }[] };
  return and[0]?.op === 'empty' ? undefined : and[0]?.value;
};

/** Lists and sums of what is kept. */
function lists({ method, path, search }: Asked) {
  if (path.endsWith('/aggregate')) {
    const values = [...new Set(kept.map(({ values }) => values.state))];
    const rows = values.map((value) => {
      const all = kept.filter(({ values }) => values.state === value);
      const price = all.map(({ values }) => values.price).find(Boolean) ?? null;
      return { keys: [value ?? null], metrics: [all.length, price] };
    });
    return { rows };
  }
  if (method !== 'GET') return undefined;
  const value = wanted(search.get('filter') ?? '');
  return { records: kept.filter(({ values }) => values.state === value) };
}

const show = (view: Partial<View> = {}, form: Form = book) =>
  showPage(
    <KanbanView
      {...({
        form,
        fields: form.fields.filter(({ key }) => key !== 'lines'),
        control: { state: { view: { group: 'state', limits: { b: 1 }, ...view } }, set: () => undefined },
        question: { form: 'book' },
        open: () => undefined,
      } as unknown as ListProps)}
    />,
  );

const lane = (name: string) => screen.getByRole('region', { name });
const cards = (name: string) =>
  within(lane(name))
    .queryAllByRole('listitem')
    .map((card) => card.querySelector('strong')?.textContent);
const head = (name: string) => lane(name).querySelector('header')?.textContent;

async function move(name: string, to: string) {
  const card = (await screen.findByText(name)).closest('li') as HTMLElement;
  fireEvent.click(within(card).getByRole('button', { name: '移动卡片' }));
  fireEvent.click(await screen.findByRole('button', { name: `移到「${to}」` }));
}
const patches = (asked: Asked[]) => asked.filter(({ method }) => method === 'PATCH');
const answered = (record: RecordView) => {
  kept = kept.map((one) => (one.id === record.id ? record : one));
  changes.release(record);
};

test('each lane has its cards, how many, what they come to, and whether they are too many', async () => {
  kept.push(recordOf('4', { name: '西游记', price: null, state: 'b' }));
  serve(lists);
  await show();
  await screen.findByText('西游记');
  await screen.findByText('无名');
  expect([cards('甲'), cards('乙'), cards('未设置')]).toEqual([['红楼梦'], ['水浒传', '西游记'], ['无名']]);
  expect([head('甲'), head('乙'), head('未设置')]).toEqual(['甲1¥2,000.10', '乙2 / 1 超出上限¥5', '未设置1']);
});

test('what could not be counted is no nothing, and is counted again with the lists that are asked for again', async () => {
  let away = true;
  serve(() => (away ? problem(503, { detail: '' }) : undefined), lists);
  await show();
  const retries = () => screen.queryAllByRole('button', { name: '重试' });
  await waitFor(() => expect(retries()).toHaveLength(2));
  expect([head('甲'), head('乙')]).toEqual(['甲', '乙']);
  away = false;
  fireEvent.click(within(lane('甲')).getByRole('button', { name: '重试' }));
  await waitFor(() => expect([head('甲'), head('乙')]).toEqual(['甲1¥2,000.10', '乙1 / 1¥5']));
  await waitFor(() => expect([cards('甲'), cards('乙'), retries()]).toEqual([['红楼梦'], ['水浒传'], []]));
});

test('lists that came without their counts offer to count again', async () => {
  let away = true;
  serve((one) => (away && one.path.endsWith('/aggregate') ? problem(503, { detail: '' }) : undefined), lists);
  await show();
  await screen.findByText('红楼梦');
  expect(head('甲')).toBe('甲');
  away = false;
  fireEvent.click((await screen.findAllByRole('button', { name: '重试' }))[0] as HTMLElement);
  await waitFor(() => expect(head('甲')).toBe('甲1¥2,000.10'));
  expect(screen.queryByRole('button', { name: '重试' })).toBeNull();
});

test('where no field makes lanes, that is said with a way out', async () => {
  serve(lists);
  await show({ group: 'gone' });
  await screen.findByText('这个看板没有可用的分组字段');
});

test('who may not change a record may not move it', async () => {
  kept = kept.map((one) => ({ ...one, rights: { ...one.rights, update: one.id === '2' } }));
  serve(lists);
  await show();
  await screen.findByText('红楼梦');
  expect(within(lane('甲')).queryByRole('button', { name: '移动卡片' })).toBeNull();
  expect(within(lane('乙')).getAllByRole('button', { name: '移动卡片' })).toHaveLength(1);
});

test('a moved card stands in its new lane at once, is counted there, and can be taken back', async () => {
  const asked = serve(lists, (one) => changes.answer(one));
  await show();
  await move('红楼梦', '乙');
  await waitFor(() => expect([cards('甲'), cards('乙')]).toEqual([[], ['红楼梦', '水浒传']]));
  expect([head('甲'), head('乙')]).toEqual(['甲0¥0', '乙2 / 1 超出上限¥2,005.10']);
  expect(screen.queryByText('已移动')).toBeNull();
  await waitFor(() => expect(changes.count).toBe(1));
  answered(recordOf('1', { name: '红楼梦', price: '2000.10', state: 'b' }, { version: 2 }));
  await screen.findByText('已移动');
  expect([cards('甲'), cards('乙')]).toEqual([[], ['红楼梦', '水浒传']]);

  fireEvent.click(screen.getByRole('button', { name: '撤销' }));
  await waitFor(() => expect(cards('甲')).toEqual(['红楼梦']));
  await waitFor(() => expect(changes.count).toBe(1));
  answered(recordOf('1', { name: '红楼梦', price: '2000.10', state: 'a' }, { version: 3 }));
  await screen.findByText('已撤销');
  expect(patches(asked).map(({ body, version }) => [body, version])).toEqual([
    [{ values: { state: 'b' } }, '1'],
    [{ values: { state: 'a' } }, '2'],
  ]);
});

test('what the server refuses goes back to where it was, and it is said why', async () => {
  serve(lists, (one) => changes.answer(one));
  await show();
  await move('红楼梦', '乙');
  await waitFor(() => expect(cards('乙')).toEqual(['红楼梦', '水浒传']));
  await waitFor(() => expect(changes.count).toBe(1));
  changes.release(problem(403, { detail: '您不能移动它' }));
  await screen.findByText('您不能移动它');
  await waitFor(() => expect([cards('甲'), cards('乙')]).toEqual([['红楼梦'], ['水浒传']]));
  expect([head('甲'), head('乙')]).toEqual(['甲1¥2,000.10', '乙1 / 1¥5']);
  const said = screen.getByText('您不能移动它').closest('li') as HTMLElement;
  expect(within(said).queryByRole('button', { name: '撤销' })).toBeNull();
});

test('where the record may not be changed any more once it is moved, no way back is offered', async () => {
  serve(lists, (one) => changes.answer(one));
  await show();
  await move('水浒传', '甲');
  await waitFor(() => expect(changes.count).toBe(1));
  const rights = { update: false, delete: false, actions: [] };
  answered(recordOf('2', { name: '水浒传', price: '5.00', state: 'a' }, { version: 2, rights }));
  const said = (await screen.findAllByText('已移动')).at(-1)?.closest('li') as HTMLElement;
  expect(within(said).queryByRole('button', { name: '撤销' })).toBeNull();
});

test('where somebody was faster both versions are shown, and one’s own goes on top of theirs when it is chosen', async () => {
  const asked = serve(lists, (one) => changes.answer(one));
  await show();
  await move('红楼梦', '乙');
  await waitFor(() => expect(changes.count).toBe(1));
  const theirs = recordOf(
    '1',
    { name: '红楼梦', price: '2000.10' },
    { version: 7, updatedBy: { id: 'u2', title: '李四' } },
  );
  kept = kept.map((one) => (one.id === '1' ? theirs : one));
  changes.release(problem(409, { conflict: { theirs } }));
  const dialog = await screen.findByRole('dialog');
  expect(dialog.textContent).toContain('李四');
  await waitFor(() => expect(cards('未设置')).toContain('红楼梦'));
  fireEvent.click(within(dialog).getByRole('button', { name: '按所选保存' }));
  await waitFor(() => expect(cards('乙')).toContain('红楼梦'));
  await waitFor(() => expect(patches(asked)).toHaveLength(2));
  expect(patches(asked)[1]).toMatchObject({ version: '7', body: { values: { state: 'b' } } });
  answered({ ...theirs, version: 8, values: { ...theirs.values, state: 'b' } });
});

test('where more is asked for on the way, the record opens with the move in its draft', async () => {
  serve(lists, (one) => changes.answer(one));
  const { address } = await show();
  await move('红楼梦', '乙');
  await waitFor(() => expect(changes.count).toBe(1));
  changes.release(problem(422, { errors: [{ path: '/values/name', code: 'required', message: '必填' }] }));
  await screen.findByText('还需要补充内容才能移动，请填写后保存');
  await waitFor(() => expect(address().search).toEqual({ record: '1' }));
  expect(readDraft('tw.draft.u1.book.1')).toMatchObject({ version: 1, changes: { state: 'b' } });
  expect(cards('甲')).toEqual(['红楼梦']);
});

test('where a rule is against the move, the card goes back and why is told', async () => {
  serve(lists, (one) => changes.answer(one));
  const { address } = await show();
  await move('红楼梦', '乙');
  await waitFor(() => expect(changes.count).toBe(1));
  changes.release(problem(422, { errors: [{ path: '/values/state', code: 'rule.invalid', message: '不能由您批准' }] }));
  await screen.findByText('不能由您批准');
  await waitFor(() => expect(cards('甲')).toEqual(['红楼梦']));
  expect(address().search).toEqual({});
});

test('a card that is moved on before the answer goes to the version that the first move has made', async () => {
  const asked = serve(lists, (one) => changes.answer(one));
  await show();
  await move('红楼梦', '乙');
  await waitFor(() => expect(cards('乙')).toContain('红楼梦'));
  await move('红楼梦', '甲');
  await waitFor(() => expect([cards('甲'), cards('乙')]).toEqual([['红楼梦'], ['水浒传']]));
  await waitFor(() => expect(changes.count).toBe(1));
  answered(recordOf('1', { name: '红楼梦', price: '2000.10', state: 'b' }, { version: 2 }));
  await waitFor(() => expect(patches(asked)).toHaveLength(2));
  expect(cards('甲')).toEqual(['红楼梦']);
  expect(patches(asked)[1]).toMatchObject({ version: '2', body: { values: { state: 'a' } } });
  answered(recordOf('1', { name: '红楼梦', price: '2000.10', state: 'a' }, { version: 3 }));
  await waitFor(() => expect(screen.getAllByText('已移动').length).toBeGreaterThan(1));
});
