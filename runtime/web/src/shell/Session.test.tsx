import { focusManager, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { Session } from './Session';

afterEach(() => {
  focusManager.setFocused(undefined);
  vi.unstubAllGlobals();
});

test('what is typed at the door stays when one comes back from another window', async () => {
  const answers: ((answer: Response) => void)[] = [];
  vi.stubGlobal('fetch', () => new Promise<Response>((resolve) => answers.push(resolve)));
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <Session>
        <p>inside</p>
      </Session>
    </QueryClientProvider>,
  );
  const refuse = () => answers.pop()?.(new Response('{}', { status: 401 }));
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  refuse();
  await userEvent.type(await screen.findByLabelText('用户名'), 'kim');

  focusManager.setFocused(false);
  focusManager.setFocused(true);
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  expect(screen.getByLabelText<HTMLInputElement>('用户名').value).toBe('kim');
  refuse();
  await vi.waitFor(() => expect(client.isFetching()).toBe(0));
  expect(screen.getByLabelText<HTMLInputElement>('用户名').value).toBe('kim');
});
