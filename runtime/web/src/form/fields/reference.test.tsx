import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { useState } from 'react';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Wire } from '../../api';
import { defOf, World } from '../../test/world';
import { Inline } from '../inline';
// Loaded when it is asked for; here beforehand, so that no wait for it is part of a test.
import '../Making';
import { noteRecent, recentOf } from './recent';
import { reference } from './reference';

vi.mock('@tanstack/react-router', () => ({ Link: () => null }));

const titles: Record<string, string> = { '1': '红楼梦', '2': '西游记', '3': '水浒传' };
let made: { values: Record<string, Wire> }[];

beforeEach(() => {
  made = [];
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    const url = new URL(path, 'http://host');
    const body = typeof init.body === 'string' ? JSON.parse(init.body) : undefined;
    const json = (answer: unknown) =>
      new Response(JSON.stringify(answer), { headers: { 'Content-Type': 'application/json' } });
    const record = (id: string, name?: string) => ({
      id,
      version: 1,
      values: { name: name ?? titles[id] },
      rights: {},
    });
    if (url.pathname.endsWith('/evaluate')) return json({ fields: {}, values: {}, issues: [] });
    if (url.pathname.endsWith('/duplicates')) return json({ duplicates: [] });
    if (init.method === 'POST') {
      made.push(body);
      return json(record('9', body.values.name));
    }
    const filter = JSON.parse(url.searchParams.get('filter') ?? 'null') as { field: string; value: string[] } | null;
    // The server answers in its own order, without what its reader may not see.
    const ids = filter ? ['1', '2', '3'].filter((id) => filter.value.includes(id)) : ['1', '2', '3'];
    return json({ records: ids.map((id) => record(id)) });
  });
});

let value: Wire;
function Harness({ inline }: { inline: boolean }) {
  const [now, setNow] = useState<Wire>(null);
  value = now;
  return (
    <Inline value={inline}>
      <reference.Edit id="r" def={defOf('reference')} value={now} onChange={setNow} label="书" />
    </Inline>
  );
}

function show(inline = true) {
  render(
    <World>
      <Harness inline={inline} />
    </World>,
  );
  const input = screen.getByRole('combobox', { name: '书' });
  fireEvent.mouseDown(input);
  return input;
}
const shown = () => [...document.querySelectorAll('.ant-select-item')].map((one) => one.textContent);

test('those of late come first, in their order, as the server still knows them', async () => {
  for (const id of ['2', 'gone', '3']) noteRecent('u1', 'book', id);
  show();
  await waitFor(() => expect(shown()).toEqual(['最近', '水浒传', '西游记', '其他', '红楼梦']));
  fireEvent.click(screen.getByText('红楼梦'));
  expect(value).toEqual({ id: '1', title: '红楼梦' });
  expect(recentOf('u1', 'book')[0]).toBe('1');
});

test('without any of late there is one list, and words that are typed ask for their own', async () => {
  const input = show();
  await waitFor(() => expect(shown()).toEqual(['红楼梦', '西游记', '水浒传']));
  noteRecent('u1', 'book', '3');
  fireEvent.change(input, { target: { value: '水' } });
  expect(shown()).not.toContain('最近');
});

test('what is not there is made from within the form, and named by it at once', async () => {
  const input = show();
  fireEvent.change(input, { target: { value: '儒林外史' } });
  fireEvent.click(await screen.findByRole('button', { name: /新建图书/ }));
  const save = await screen.findByRole('button', { name: '保存', hidden: true });
  await act(async () => fireEvent.submit(save.closest('form') as HTMLFormElement));
  await waitFor(() => expect(value).toEqual({ id: '9', title: '儒林外史' }));
  expect(made).toEqual([{ values: { name: '儒林外史' } }]);
});

test('what was begun under another name does not come back under this one', async () => {
  const input = show();
  const begin = async (name: string) => {
    fireEvent.mouseDown(input);
    fireEvent.change(input, { target: { value: name } });
    await waitFor(() => expect(document.querySelector('.pick-new')?.textContent).toContain(name));
    fireEvent.click(document.querySelector('.pick-new') as Element);
    await waitFor(() => expect(document.querySelector('dialog input')).not.toBeNull());
    return (document.querySelector('dialog input') as HTMLInputElement).value;
  };
  expect(await begin('甲书')).toBe('甲书');
  fireEvent.click(document.querySelector('dialog .icon') as Element);
  expect(document.querySelector('dialog')).toBeNull();
  expect(await begin('乙书')).toBe('乙书');
});

test('nothing is made from a cell or a filter', async () => {
  show(false);
  await waitFor(() => expect(shown()).toHaveLength(3));
  expect(screen.queryByRole('button', { name: /新建/ })).toBeNull();
});

test('what is kept in the browser is bounded, and rubbish there is as nothing', () => {
  for (let n = 0; n < 12; n++) noteRecent('u1', 'book', String(n));
  expect(recentOf('u1', 'book')).toEqual(['11', '10', '9', '8', '7', '6', '5', '4']);
  localStorage.setItem('tw.recent.u1.book', '{"x":');
  expect(recentOf('u1', 'book')).toEqual([]);
  expect(recentOf('u2', 'book')).toEqual([]);
});
