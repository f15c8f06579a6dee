import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import zh from '../i18n/zh-CN.json';
import { PasswordForm } from './PasswordForm';
import { Session } from './Session';

const me = {
  user: { id: 'u1', username: 'kim', name: '金', admin: false },
  tenant: 't',
  zone: 'UTC',
  roles: [],
  unit: null,
  zones: [],
  place: '1',
};
const wrong = {
  title: '',
  status: 422,
  detail: '有误',
  code: 'record.invalid',
  errors: [{ path: '/new', code: 'auth.passwordCommon', message: '太常见' }],
};

interface Sent {
  path: string;
  body?: unknown;
}

/** A server that answers each path by the table; what it was sent is in the list that it returns. */
function serve(answers: (path: string) => [status: number, body?: unknown]): Sent[] {
  const sent: Sent[] = [];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const path = url.replace('/api/v1', '');
    sent.push({ path, body: init.body ? JSON.parse(String(init.body)) : undefined });
    const [status, body] = answers(path);
    const text = body === undefined ? null : JSON.stringify(body);
    return new Response(text, { status, headers: { 'Content-Type': 'application/json' } });
  });
  return sent;
}

const input = (name: 'password.current' | 'password.new' | 'password.again') => screen.getByLabelText(zh[name]);

async function fill(again = 'battery staple') {
  await userEvent.type(input('password.current'), 'first');
  await userEvent.type(input('password.new'), 'battery staple');
  await userEvent.type(input('password.again'), again);
}

const button = () => screen.getByRole('button', { name: zh['password.change'] });

test('a refused password stays in the form, with what is wrong beside it', async () => {
  const sent = serve(() => [422, wrong]);
  const changed = vi.fn(async () => undefined);
  render(<PasswordForm me={me} onChanged={changed} />);
  await fill();
  await userEvent.click(button());
  expect((await screen.findByRole('alert')).textContent).toBe('太常见');
  expect(input('password.new').getAttribute('aria-invalid')).toBe('true');
  expect(input('password.current').getAttribute('aria-invalid')).toBe('false');
  expect(document.activeElement).toBe(input('password.new'));
  expect(sent.map(({ path }) => path)).toEqual(['/me/password']);
  expect(changed).not.toHaveBeenCalled();
});

test('two passwords that differ are not sent', async () => {
  const sent = serve(() => [204]);
  render(<PasswordForm me={me} onChanged={async () => undefined} />);
  await fill('battery stable');
  await userEvent.click(button());
  expect(screen.getByRole('alert').textContent).toBe(zh['password.differs']);
  expect(sent).toEqual([]);
});

test('two clicks change the password once, and the person is signed in with the new one', async () => {
  const sent = serve((path) => (path === '/me/password' ? [204] : [200, {}]));
  const changed = vi.fn(async () => undefined);
  render(<PasswordForm me={me} onChanged={changed} />);
  await fill();
  fireEvent.click(button());
  fireEvent.click(button());
  fireEvent.submit(button().closest('form') as HTMLFormElement);
  await waitFor(() => expect(changed).toHaveBeenCalledTimes(1));
  expect(sent).toEqual([
    { path: '/me/password', body: { current: 'first', new: 'battery staple' } },
    { path: '/auth/login', body: { tenant: 't', username: 'kim', password: 'battery staple' } },
  ]);
});

test('who must change sees nothing but the form, and afterwards the pages', async () => {
  const server = { must: true };
  const sent = serve((path) => {
    if (path === '/me') return [200, { ...me, mustChangePassword: server.must || undefined }];
    if (path === '/me/password') server.must = false;
    if (path === '/me/password') return [204];
    return [200, { app: 'library', version: '1', menu: [], forms: [], dashboards: [] }];
  });
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <Session>
        <p>pages</p>
      </Session>
    </QueryClientProvider>,
  );
  await screen.findByRole('heading', { name: zh['password.choose'] });
  expect(screen.queryByText('pages')).toBeNull();
  expect(screen.getByRole('button', { name: zh['session.leave'] })).toBeTruthy();
  expect(sent.map(({ path }) => path)).toEqual(['/me']);
  await fill();
  await userEvent.click(button());
  await screen.findByText('pages');
  expect(screen.queryByLabelText(zh['password.new'])).toBeNull();
});
