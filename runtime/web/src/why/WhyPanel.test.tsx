import { render, screen } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Explained } from '../api';
import { book, label, World } from '../test/world';
import { MoveWhy } from './MoveWhy';
import { WhyPanel } from './WhyPanel';

const asked: string[] = [];
const leaf = (name: string, more: Partial<Explained> = {}): Explained => ({ kind: 'field', label: name, ...more });
const deep = (depth: number): Explained =>
  leaf(`第${depth}层`, { text: String(depth), parts: depth < 6 ? [deep(depth + 1)] : [] });

function answer(status: number, body: unknown) {
  vi.stubGlobal('fetch', async (path: string) => {
    asked.push(path);
    return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });
  });
}

beforeEach(() => {
  asked.length = 0;
});

const show = (props: { field?: string; right?: 'update' }) =>
  render(
    <World>
      <WhyPanel form={book} id="r1" title="潮" onClose={() => undefined} {...props} />
    </World>,
  );

test('what a value followed from is a tree, open where it matters, silent about what is hidden', async () => {
  const value = leaf('总价', {
    text: '12.00',
    parts: [
      leaf('单价', { sight: 'hidden', text: '6.00' }),
      leaf('折扣', { fault: '没有填写', notes: ['按最后一档'] }),
      leaf('规则', { rule: { part: 'compute', text: 'price * 2' } }),
      deep(1),
    ],
  });
  answer(200, { form: 'book', metadata: '1', value });
  show({ field: 'total' });
  await screen.findByText('总价');
  expect(asked).toEqual(['/api/v1/forms/book/records/r1/explain?field=total']);
  expect(screen.queryByText('6.00')).toBeNull();
  for (const text of ['（您无权查看）', '没有填写', '按最后一档', 'price * 2'])
    expect(screen.getByText(text)).toBeTruthy();
  const open = (name: string) => screen.getByText(name).closest('details')?.open;
  expect([open('第1层'), open('第3层'), open('第5层')]).toEqual([true, true, false]);
});

test('a right that is denied is asked for as such', async () => {
  answer(200, { form: 'book', metadata: '1', right: leaf('不能修改', { parts: [leaf('不是负责人')] }) });
  show({ right: 'update' });
  await screen.findByText('不是负责人');
  expect(asked).toEqual(['/api/v1/forms/book/records/r1/explain?right=update']);
});

test('where it cannot be told, the words of the server stand', async () => {
  answer(403, { status: 403, title: 'x', detail: '不能解释', code: 'x' });
  show({ field: 'total' });
  await screen.findByText('不能解释');
});

test('a move by rule tells its rule, clock and limit, as people read them', () => {
  const form = { ...book, pools: [{ key: 'east', label: label('东池') }] };
  const detail = {
    pool: 'east',
    rule: 'idle',
    clock: Date.UTC(2026, 2, 1),
    limit: 7,
    unit: 'calendarDay',
    path: ['甲', '乙'],
    reads: ['x'],
    held: true,
  };
  render(
    <World>
      <MoveWhy form={form} detail={detail} />
    </World>,
  );
  for (const text of ['东池', 'idle', '2026-03-01 00:00', '7 个自然日', '甲 → 乙', '改动后尚无跟进，仍按改动前计算'])
    expect(screen.getByText(text)).toBeTruthy();
  expect(screen.queryByText('reads')).toBeNull();
});
