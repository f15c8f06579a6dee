import { fireEvent, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import type { Form } from '../meta';
import { showPage } from '../test/page';
import { problem, recordOf, serve } from '../test/server';
import { book, defOf, label } from '../test/world';
import { CardList } from './CardList';
import type { ListProps } from './listProps';
import { useRecords } from './useRecords';

const plain = window.IntersectionObserver;
afterEach(() => void vi.stubGlobal('IntersectionObserver', plain));

const owner = { key: 'owner', definition: defOf('member') };
const form = { ...book, fields: [...book.fields.filter(({ key }) => key !== 'lines'), owner] };
const open = vi.fn();

function Cards({ of = form }: { of?: Form }) {
  const list = useRecords({ form: 'book' });
  const control = { state: { q: '', filter: undefined }, set: () => undefined };
  return <CardList {...({ form: of, fields: of.fields, control, list, open } as unknown as ListProps)} />;
}

test('a card has the title and the state, the amount, and who it belongs to', async () => {
  const who = { id: 'u2', title: '李四' };
  serve(() => ({ records: [recordOf('1', { name: '红楼梦', price: '12345.60', state: 'a', owner: who })] }));
  await showPage(<Cards />);
  const card = (await screen.findByText('红楼梦')).closest('button') as HTMLElement;
  const part = (of: string) => card.querySelector(of)?.textContent;
  expect([part('.card-top'), part('.card-tail .num'), part('.card-rest')]).toEqual([
    '红楼梦甲',
    '¥12,345.60',
    expect.stringContaining('李四'),
  ]);
  fireEvent.click(card);
  expect(open).toHaveBeenCalledWith('1');
});

test('of two days on one card each says what it is, as a number does', async () => {
  const days = ['signed', 'due'].map((key) => ({ key, definition: { ...defOf('date'), 'x-label': label(key) } }));
  const share = { key: 'share', definition: { ...defOf('percent'), 'x-label': label('share') } };
  const dated = { ...book, fields: [...book.fields.slice(0, 1), ...days] };
  serve(() => ({ records: [recordOf('1', { name: '红楼梦', signed: '2026-03-01', due: '2026-04-01', share: '5' })] }));
  await showPage(<Cards of={dated} />);
  const rest = () => [...document.querySelectorAll('.card-rest > span')].map((one) => one.textContent);
  await screen.findByText('红楼梦');
  expect(rest()).toEqual(['signed 2026-03-01', 'due 2026-04-01']);
  document.body.innerHTML = '';
  await showPage(<Cards of={{ ...dated, fields: [...book.fields.slice(0, 1), share] }} />);
  await screen.findByText('红楼梦');
  expect(rest()).toEqual(['share 5%']);
});

test('a card without a name is titled by the first that it has', async () => {
  serve(() => ({ records: [recordOf('1', { price: '3.00', state: 'a' })] }));
  await showPage(<Cards />);
  expect((await screen.findByText('¥3.00')).closest('strong')).not.toBeNull();
});

test('the next page is asked for where the end of the first comes near', async () => {
  let seen: (entries: { isIntersecting: boolean }[]) => void = () => undefined;
  class Observer {
    constructor(hear: typeof seen) {
      seen = hear;
    }
    observe() {}
    disconnect() {}
  }
  vi.stubGlobal('IntersectionObserver', Observer);
  const asked = serve(({ search }) =>
    search.get('after')
      ? { records: [recordOf('2', { name: '水浒传' })] }
      : { records: [recordOf('1', { name: '红楼梦' })], next: 'p2' },
  );
  await showPage(<Cards />);
  await screen.findByText('红楼梦');
  expect(asked).toHaveLength(1);
  seen([{ isIntersecting: true }]);
  await screen.findByText('水浒传');
  expect(asked[1]?.search.get('after')).toBe('p2');
});

test('what cannot be had says so, and asks again', async () => {
  let broken = true;
  serve(() => (broken ? problem(500) : { records: [recordOf('1', { name: '红楼梦' })] }));
  await showPage(<Cards />);
  const again = await screen.findByRole('button', { name: '重试' });
  broken = false;
  fireEvent.click(again);
  await screen.findByText('红楼梦');
});

test('where there is nothing, what to do next is said', async () => {
  serve(() => ({ records: [] }));
  await showPage(<Cards />);
  expect((await screen.findByRole('link')).getAttribute('href')).toBe('/f/book/new');
});
