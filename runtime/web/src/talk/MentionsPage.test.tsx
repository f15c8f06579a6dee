import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { Mention } from '../api';
import { showPage } from '../test/page';
import { type Asked, problem, serve } from '../test/server';
import { MentionsPage } from './MentionsPage';

const mention = (comment: string, more: Partial<Mention> = {}): Mention => ({
  comment,
  by: { id: 'u1', title: '金' },
  at: '2026-03-02T01:00:00Z',
  text: '请 @李雷 看看',
  form: 'book',
  id: 'b1',
  title: '潮汐',
  ...more,
});

/** A server whose first page has nothing that may be read. */
function answers(kept: Mention[], refuses = false) {
  return ({ path, method, search, body }: Asked) => {
    if (path.endsWith('/notifications/read')) {
      if (refuses) return problem(409, { detail: '稍后再试。' });
      for (const one of kept) if ((body as { ids: string[] }).ids.includes(one.notice ?? '')) delete one.notice;
      return { unread: { value: 0, exact: true } };
    }
    if (!path.endsWith('/mentions') || method !== 'GET') return undefined;
    return search.get('after') ? { mentions: kept.map((one) => ({ ...one })) } : { mentions: [], next: 'c0' };
  };
}

test('what mentions me is found behind a page of nothing, leads to its comment, and is read when it is opened', async () => {
  const asked = serve(answers([mention('c1', { notice: 'n1' }), mention('c2', { text: '', title: '' })]));
  const { address } = await showPage(<MentionsPage />);
  const [first, second] = await screen.findAllByRole('listitem');
  expect(first?.textContent).toContain('金');
  expect(first?.textContent).toContain('请 @李雷 看看');
  expect(first?.textContent).toContain('未读');
  expect(first?.textContent).toContain('潮汐');
  expect(second?.textContent).not.toContain('未读');
  expect(second?.textContent).toContain('打开记录查看');
  const [link, other] = screen.getAllByRole('link');
  expect(other?.getAttribute('href')).toBe('/f/book/b1?comment=c2');
  await userEvent.click(link as HTMLElement);
  expect(address().href).toBe('/f/book/b1?comment=c1');
  const sent = asked.filter(({ method }) => method === 'POST');
  expect(sent.map(({ path, body }) => [path, body])).toEqual([['/notifications/read', { ids: ['n1'] }]]);
  await waitFor(() => expect(screen.queryByText('未读')).toBeNull());
});

test('what cannot be marked as read is said, and stays unread', async () => {
  serve(answers([mention('c1', { notice: 'n1' })], true));
  await showPage(<MentionsPage />);
  await userEvent.click(await screen.findByRole('link'));
  await screen.findByText('稍后再试。');
  screen.getByText('未读');
});

test('whom nobody has mentioned is told how it comes about', async () => {
  serve(answers([]));
  await showPage(<MentionsPage />);
  await screen.findByRole('heading', { name: '还没有人提到您' });
});
