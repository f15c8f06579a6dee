import { fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { useState } from 'react';
import { beforeEach, expect, test } from 'vitest';
import { type Field, type Form, type Group, me, toWire } from '../meta';
import { choose, offered } from '../test/choose';
import { serve } from '../test/server';
import { book, defOf, label, World } from '../test/world';
import FilterBuilder from './FilterBuilder';

const field = (kind: Parameters<typeof defOf>[0], more: Partial<Field> = {}): Field => ({
  key: kind,
  definition: defOf(kind),
  ...more,
});
const form: Form = {
  ...book,
  fields: [
    field('text'),
    field('number'),
    field('select'),
    field('date'),
    field('datetime'),
    field('member'),
    field('boolean'),
    field('phone', { masked: true }),
    field('table'),
    field('address'),
  ],
};
const reader = { id: 'u1', isInstant: (key: string) => key === 'datetime' };

let filter: Group | undefined;
const wire = () => toWire(filter, reader);
function Harness({ begin, of }: { begin?: Group; of: Form }) {
  const [now, setNow] = useState(begin);
  filter = now;
  return <FilterBuilder form={of} filter={now} onChange={setNow} />;
}
const show = (begin?: Group, of = form) =>
  render(
    <World>
      <Harness begin={begin} of={of} />
    </World>,
  );
beforeEach(() => {
  filter = undefined;
});

// By their labels: to look for roles takes long where many choices stand on the page.
const all = (name: string) => screen.getAllByLabelText(name);
const last = (name: string) => all(name).at(-1) as HTMLElement;
const press = (text: string) => fireEvent.click(screen.getAllByText(text).at(-1) as HTMLElement);
const add = () => press('添加条件');

test('without conditions it is said what they are for, and the first begins with what its field compares by', async () => {
  show();
  screen.getByText('还没有条件。添加条件后，列表只显示符合的记录。');
  expect(screen.queryByText('清空筛选')).toBeNull();
  add();
  expect(filter).toEqual({ join: 'and', items: [{ field: 'text', op: 'contains' }] });
  expect(wire()).toBeUndefined();
  fireEvent.change(last('值'), { target: { value: '红' } });
  expect(wire()).toEqual({ and: [{ field: 'text', op: 'contains', value: '红' }] });
  expect(screen.queryByText(/还没有条件/)).toBeNull();
});

test('only what can be compared is offered: no masked value, no rows, no address', async () => {
  const few = ['text', 'phone', 'table', 'address'];
  show(undefined, { ...form, fields: form.fields.filter(({ key }) => few.includes(key)) });
  add();
  expect(await offered(last('字段'))).toEqual(['字段 text', '创建时间', '创建人', '更新时间', '更新人']);
});

test('conditions stand in an or-group within an and-group, and the two do not touch one another', async () => {
  const yes = { field: 'boolean', op: 'eq' as const, value: true };
  show({ join: 'and', items: [yes] });
  press('添加条件组');
  const inside = within(screen.getByRole('group', { name: '或者' }));
  fireEvent.change(inside.getByLabelText('值'), { target: { value: '红' } });
  fireEvent.click(inside.getByText('添加条件'));
  const red = { field: 'text', op: 'contains', value: '红' };
  expect(filter?.items[1]).toEqual({ join: 'or', items: [red, { field: 'text', op: 'contains' }] });
  fireEvent.change(inside.getAllByLabelText('值')[1] as HTMLElement, { target: { value: '楼' } });
  const tower = { ...red, value: '楼' };
  expect(wire()).toEqual({ and: [yes, { or: [red, tower] }] });

  await choose(all('条件关系')[0] as HTMLElement, '或者');
  expect(wire()).toEqual({ or: [yes, { or: [red, tower] }] });
  await choose(inside.getByLabelText('条件关系'), '并且');
  expect(wire()).toEqual({ or: [yes, { and: [red, tower] }] });
  fireEvent.click(inside.getAllByLabelText('移除条件')[0] as HTMLElement);
  expect(wire()).toEqual({ or: [yes, { and: [tower] }] });
});

test('groups go two levels deep and no deeper', () => {
  show();
  const deeper = () => screen.getAllByText('添加条件组');
  press('添加条件组');
  expect(deeper()).toHaveLength(2);
  fireEvent.click(deeper()[0] as HTMLElement);
  expect(filter).toMatchObject({ join: 'and', items: [{ join: 'or', items: [{}, { join: 'or', items: [{}] }] }] });
  expect(deeper()).toHaveLength(2);
  expect(screen.getAllByText('添加条件')).toHaveLength(3);
});

test('a span of days moves with the calendar: it is kept by its name and asked for as days', async () => {
  show();
  add();
  await choose(last('字段'), '字段 date');
  expect(filter?.items).toEqual([{ field: 'date', op: 'during' }]);
  await choose(last('值'), '上月');
  expect(filter?.items).toEqual([{ field: 'date', op: 'during', value: 'lastMonth' }]);
  const first = expect.stringMatching(/^\d{4}-\d\d-01$/);
  const days = ['gte', 'lt'].map((op) => ({ field: 'date', op, value: first }));
  expect(wire()).toEqual({ and: [{ and: days }] });
});

test('a day that was chosen is not taken for a span, nor a span for a day', async () => {
  show({ join: 'and', items: [{ field: 'date', op: 'during', value: 'today' }] });
  await choose(last('比较方式'), '早于');
  expect(filter?.items).toEqual([{ field: 'date', op: 'lt', value: undefined }]);
});

test('moments come before and after one another, numbers are less and more', async () => {
  const kinds = [field('date'), field('datetime'), field('time'), field('number')];
  const opsOf = async ({ key }: Field) => {
    const { unmount } = show({ join: 'and', items: [{ field: key, op: 'empty' }] }, { ...form, fields: kinds });
    const ops = await offered(last('比较方式'));
    unmount();
    return ops;
  };
  const inTime = ['不早于', '不晚于', '晚于', '早于'];
  const lists = [];
  for (const kind of kinds) lists.push(await opsOf(kind));
  expect(lists).toEqual([
    ['在期间', ...inTime, '等于', '为空', '不为空'],
    ['在期间', ...inTime, '为空', '不为空'],
    ['等于', '不等于', '晚于', '不早于', '早于', '不晚于', '为空', '不为空'],
    ['等于', '不等于', '大于', '大于等于', '小于', '小于等于', '为空', '不为空'],
  ]);
});

test('what is compared stays where the comparison alone changes, and goes where the field does', async () => {
  show({ join: 'and', items: [{ field: 'select', op: 'in', value: ['b'] }] });
  await choose(last('比较方式'), '不属于');
  expect(filter?.items).toEqual([{ field: 'select', op: 'nin', value: ['b'] }]);
  await choose(last('比较方式'), '为空');
  expect(screen.queryByLabelText('值')).toBeNull();
  expect(wire()).toEqual({ and: [{ field: 'select', op: 'empty' }] });
  await choose(last('字段'), '字段 number');
  expect(filter?.items).toEqual([{ field: 'number', op: 'eq' }]);
});

test('me is offered first among the people, stays me in what is kept, and is the reader where it is asked', async () => {
  const asked = serve(({ path }) => (path === '/people' ? { people: [{ id: 'u2', title: '李四' }] } : undefined));
  show();
  add();
  await choose(last('字段'), '字段 member');
  await waitFor(async () => expect(await offered(last('值'))).toEqual(['我自己', '李四']));
  await choose(last('值'), '我自己');
  await choose(last('值'), '李四');
  expect(filter?.items).toEqual([{ field: 'member', op: 'in', value: [me, { id: 'u2', title: '李四' }] }]);
  expect(wire()).toEqual({ and: [{ field: 'member', op: 'in', value: ['u1', 'u2'] }] });
  fireEvent.change(last('值'), { target: { value: '王' } });
  await waitFor(() => expect(asked.at(-1)?.search.get('q')).toBe('王'));
  await waitFor(async () => expect(await offered(last('值'))).not.toContain('王'));
});

test('who opens what was kept reads me, and the name that was chosen', () => {
  show({ join: 'and', items: [{ field: 'member', op: 'in', value: [me, { id: 'u2', title: '李四' }] }] });
  screen.getByText('我自己');
  screen.getByText('李四');
});

test('a condition in the words of who defined it is read, not taken apart, and can be taken away', () => {
  const stated = { expr: 'number > 5', label: label('五以上') };
  show({ join: 'and', items: [stated, { field: 'text', op: 'notEmpty' }] });
  expect(screen.getByText('五以上').title).toBe('number > 5');
  expect(all('字段')).toHaveLength(1);
  expect(wire()).toEqual({ and: [{ expr: 'number > 5' }, { field: 'text', op: 'notEmpty' }] });
  fireEvent.click(all('移除条件')[0] as HTMLElement);
  expect(filter?.items).toEqual([{ field: 'text', op: 'notEmpty' }]);
});

test('all of it is cleared at once', () => {
  show({
    join: 'or',
    items: [
      { field: 'text', op: 'empty' },
      { join: 'and', items: [] },
    ],
  });
  fireEvent.click(screen.getByText('清空筛选'));
  expect(filter).toBeUndefined();
  screen.getByText(/还没有条件/);
});
