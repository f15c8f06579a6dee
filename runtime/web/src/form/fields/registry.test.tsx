import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Wire } from '../../api';
import type { FieldKind } from '../../meta';
import { defOf, World } from '../../test/world';
import { registry } from './registry';

vi.mock('./link', () => ({
  RecordLink: ({ record }: { record: { title?: string } }) => <a href="/">{record.title}</a>,
}));

/** What a value of each kind looks like on the wire, and what of it people read. */
const samples: Record<FieldKind, [Wire, string]> = {
  text: ['一段话', '一段话'],
  multiline: ['两\n行', '两'],
  markdown: ['# 标题', '标题'],
  richtext: ['<p>一<strong>段</strong></p>', '一段'],
  number: ['1234.50', '1,234.50'],
  currency: ['-1234.50', '-¥1,234.50'],
  percent: ['12.50', '12.50%'],
  rating: [4, '4 分（满分 5 分）'],
  boolean: [true, '是'],
  select: ['a', '甲'],
  multiselect: [['a', 'b'], '乙'],
  cascade: [['a', 'a1'], '甲 / 甲一'],
  stage: ['b', '乙'],
  tags: [['快', '新'], '新'],
  date: ['2026-03-09', '2026-03-09'],
  datetime: ['2026-03-09T08:30:00Z', '2026-03-09'],
  daterange: [{ start: '2026-03-01', end: '2026-03-31' }, '2026-03-01 ~ 2026-03-31'],
  time: ['09:30', '09:30'],
  duration: [5400, '1 小时 30 分'],
  phone: ['13800138000', '13800138000'],
  email: ['a@b.example', 'a@b.example'],
  url: ['https://a.example/x', 'https://a.example/x'],
  idcard: ['11010519491231002X', '11010519491231002X'],
  member: [{ id: 'p1', title: '王明' }, '王明'],
  members: [[{ id: 'p1', title: '王明' }], '王明'],
  orgunit: [{ id: 'o1', title: '一组' }, '一组'],
  orgunits: [[{ id: 'o1', title: '一组' }], '一组'],
  zone: [{ id: 'z1', title: '东区' }, '东区'],
  reference: [{ id: 'r1', title: '某书' }, '某书'],
  references: [[{ id: 'r1', title: '某书' }], '某书'],
  anyref: [{ form: 'book', id: 'r1', title: '某书' }, '某书'],
  mirror: ['抄来的', '抄来的'],
  table: [[{ id: 'l1', item: '笔', price: '2.00', sum: '2.00' }], '笔'],
  formula: ['算出的', '算出的'],
  rollup: ['7', '7'],
  autonumber: ['A-0001', 'A-0001'],
  attachment: [[{ id: 'f1', title: '合同.pdf' }], '合同.pdf'],
  image: [[{ id: 'f1', title: '图.png' }], '图.png'],
  signature: [[{ id: 'f1', title: '签名.png' }], '签名.png'],
  region: ['310000', '上海市'],
  address: [{ detail: '东方路 1 号' }, '东方路 1 号'],
  json: ['{"a":[1.50,null]}', '1.50'],
};

const hostile = '<img src=x onerror="globalThis.bitten=1"><script>globalThis.bitten=1</script>';

beforeEach(() => {
  vi.stubGlobal('fetch', async (url: string) => {
    const body = url.includes('/regions')
      ? { regions: [['310000', '上海市']] }
      : { people: [], units: [], zones: [], records: [] };
    return new Response(JSON.stringify(body), { headers: { 'Content-Type': 'application/json' } });
  });
});

describe.each(Object.keys(samples) as FieldKind[])('%s', (kind) => {
  const [value, text] = samples[kind];
  const { Show, Edit } = registry[kind];

  test('shows its value, and an em dash for none', async () => {
    const { unmount } = render(<Show def={defOf(kind)} value={value} full />, { wrapper: World });
    expect(
      (await screen.findAllByText((_, node) => node?.textContent?.includes(text) ?? false)).length,
    ).toBeGreaterThan(0);
    unmount();
    for (const none of [null, undefined]) {
      const { container, unmount: done } = render(<Show def={defOf(kind)} value={none} />, { wrapper: World });
      expect(container.textContent).toBe('—');
      done();
    }
  });

  test('has an input that keeps the value and tells when it is wrong', () => {
    const onChange = vi.fn();
    const { container } = render(
      <Edit id="f" def={defOf(kind)} value={value} onChange={onChange} invalid describedBy="why" label="某字段" />,
      { wrapper: World },
    );
    expect(container.querySelector('input, textarea, button, [role="combobox"]')).not.toBeNull();
    expect(onChange).not.toHaveBeenCalled();
  });

  test('shows hostile text as text', () => {
    const evil =
      typeof value === 'string'
        ? hostile
        : Array.isArray(value)
          ? [{ id: 'x', title: hostile, item: hostile }]
          : { id: 'x', title: hostile, detail: hostile };
    const { container } = render(<Show def={defOf(kind)} value={evil} full />, { wrapper: World });
    expect(container.querySelector('img:not(.signature), script')).toBeNull();
    expect((globalThis as { bitten?: number }).bitten).toBeUndefined();
  });
});

function Typed({ kind, onValue }: { kind: FieldKind; onValue: (value: Wire) => void }) {
  const [value, setValue] = useState<Wire>(null);
  const { Edit } = registry[kind];
  return (
    <Edit
      id="f"
      label="某字段"
      def={defOf(kind)}
      value={value}
      onChange={(next) => {
        setValue(next);
        onValue(next);
      }}
    />
  );
}

test.each([
  ['text', 'Ab 中', 'Ab 中'],
  ['phone', '138', '138'],
  ['number', '1234567.89', '1234567.89'],
  ['currency', '90071992547409931.25', '90071992547409931.25'],
  ['percent', '12.5', '12.5'],
] as [FieldKind, string, string][])('what is typed into %s arrives exactly', async (kind, typed, want) => {
  const onValue = vi.fn();
  render(<Typed kind={kind} onValue={onValue} />, { wrapper: World });
  await userEvent.type(screen.getByLabelText('某字段'), typed);
  await userEvent.tab();
  expect(onValue).toHaveBeenLastCalledWith(want);
});

test('stars are given, changed and taken back', async () => {
  const onValue = vi.fn();
  render(<Typed kind="rating" onValue={onValue} />, { wrapper: World });
  await userEvent.click(screen.getByRole('radio', { name: '4 分（满分 5 分）' }));
  expect(onValue).toHaveBeenLastCalledWith(4);
  await userEvent.click(screen.getByRole('radio', { name: '5 分（满分 5 分）' }));
  expect(onValue).toHaveBeenLastCalledWith(5);
  await userEvent.click(screen.getByRole('button', { name: '清除评分' }));
  expect(onValue).toHaveBeenLastCalledWith(null);
});

test('a length of time is sent in seconds, and as typed where it cannot be read', async () => {
  const onValue = vi.fn();
  render(<Typed kind="duration" onValue={onValue} />, { wrapper: World });
  const input = screen.getByLabelText('某字段');
  await userEvent.type(input, '1:30');
  await userEvent.tab();
  expect(onValue).toHaveBeenLastCalledWith(5400);
  expect((input as HTMLInputElement).value).toBe('1 小时 30 分');
  await userEvent.clear(input);
  await userEvent.type(input, '-5');
  await userEvent.tab();
  expect(onValue).toHaveBeenLastCalledWith('-5');
});

test('JSON is checked while it is typed, and sent as text', async () => {
  const onValue = vi.fn();
  render(<Typed kind="json" onValue={onValue} />, { wrapper: World });
  await userEvent.type(screen.getByLabelText('某字段'), '{{"a": 1');
  expect(screen.getByText('还不是有效的 JSON。')).toBeTruthy();
  await userEvent.type(screen.getByLabelText('某字段'), '}');
  expect(screen.queryByText('还不是有效的 JSON。')).toBeNull();
  expect(onValue).toHaveBeenLastCalledWith('{"a": 1}');
});

test.each([
  [
    'richtext',
    '<p onclick="bitten=1">词<img src=x onerror="bitten=1"><script>bitten=1</script><a href="javascript:bitten=1">链</a></p>',
  ],
  ['markdown', '词 <img src=x onerror="bitten=1"> [链](javascript:bitten=1) ![图](https://evil.example/x.png)'],
] as [FieldKind, string][])('%s draws nothing that acts', async (kind, evil) => {
  const { Show } = registry[kind];
  const { container } = render(<Show def={defOf(kind)} value={evil} full />, { wrapper: World });
  await screen.findByText(/词/);
  await vi.waitFor(() => expect(container.querySelector('.rich')).not.toBeNull());
  expect(container.querySelector('img, script, a, [onclick], [onerror]')).toBeNull();
  expect((globalThis as { bitten?: number }).bitten).toBeUndefined();
});

test('marks become a page when looked at before', async () => {
  render(<Edited kind="markdown" value={'# 计划\n\n- 一\n- **二**'} />, { wrapper: World });
  await userEvent.click(screen.getByRole('button', { name: '预览' }));
  expect(await screen.findByRole('heading', { name: '计划' })).toBeTruthy();
  expect(screen.getAllByRole('listitem')).toHaveLength(2);
});

function Edited({ kind, value }: { kind: FieldKind; value: Wire }) {
  const { Edit } = registry[kind];
  return <Edit id="f" label="某字段" def={defOf(kind)} value={value} onChange={() => {}} />;
}

test('a record of another form is chosen form first', async () => {
  const onValue = vi.fn();
  const { Edit } = registry.anyref;
  const book = { form: 'book', id: 'r1', title: '某书' };
  render(<Edit id="f" label="某字段" def={defOf('anyref')} value={book} onChange={onValue} />, { wrapper: World });
  expect(screen.getByTitle('图书')).toBeTruthy();
  expect(screen.getByTitle('某书')).toBeTruthy();
});
