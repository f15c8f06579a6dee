import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { World } from '../test/world';
import { ChoicesPage } from './ChoicesPage';

afterEach(() => vi.restoreAllMocks());

const kinds = [
  { kind: 'assigned', label: '记录分配给我', on: true },
  { kind: 'reclaimed', label: '记录被收回', on: true },
];
const mail = { channel: 'mail', label: '邮件', usual: 'now', reaches: true, ways: { reclaimed: 'digest' } };
const wecom = { channel: 'wecom', label: '企业微信', usual: 'digest', reaches: false, ways: {} };

/** A server with these choices; what is chosen is kept in a list, or refused. */
function serve(choices: object, refuse = false) {
  const sent: object[] = [];
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (_, init) => {
    if (init?.method !== 'PUT') return Response.json(choices);
    sent.push(JSON.parse(String(init.body)));
    if (!refuse) return new Response(null, { status: 204 });
    return Response.json({ title: '不行', detail: '免打扰的开始和结束不能相同。', status: 422 }, { status: 422 });
  });
  return sent;
}

async function show() {
  render(
    <World>
      <ChoicesPage />
    </World>,
  );
  return screen.findByRole('table');
}

test('each choice is kept at once and whole', async () => {
  const sent = serve({ kinds, channels: [mail, wecom], digestAt: '08:30' });
  const table = await show();
  await screen.findByText(/企业微信.*请联系管理员/);
  const way = within(table).getByRole('combobox', { name: '记录分配给我：邮件' });
  await userEvent.selectOptions(way, '不发送');
  expect(sent.at(-1)).toEqual({
    off: [],
    channels: { mail: { reclaimed: 'digest', assigned: 'never' }, wecom: {} },
    digestAt: '08:30',
    quiet: null,
  });
  await userEvent.selectOptions(way, '默认（立即）');
  expect(sent.at(-1)).toMatchObject({ channels: { mail: { reclaimed: 'digest' } } });
  expect(sent.at(-1)).not.toHaveProperty('channels.mail.assigned');
  await userEvent.click(within(table).getByRole('checkbox', { name: '记录分配给我：站内' }));
  expect(sent.at(-1)).toMatchObject({ off: ['assigned'] });
  expect((way as HTMLSelectElement).disabled).toBe(true);
});

test('times are kept once they are whole and left', async () => {
  const sent = serve({ kinds, channels: [mail], digestAt: '08:30' });
  await show();
  const digest = screen.getByLabelText('每日汇总时间');
  await userEvent.clear(digest);
  await userEvent.tab();
  expect(sent).toEqual([]);
  await userEvent.clear(digest);
  await userEvent.type(digest, '18:05');
  expect(sent).toEqual([]);
  await userEvent.tab();
  expect(sent.at(-1)).toMatchObject({ digestAt: '18:05' });
  await userEvent.click(screen.getByRole('checkbox', { name: '免打扰' }));
  expect(sent.at(-1)).toMatchObject({ digestAt: '18:05', quiet: { from: '22:00', to: '08:00' } });
  await userEvent.click(screen.getByRole('checkbox', { name: '免打扰' }));
  expect(sent.at(-1)).toMatchObject({ quiet: null });
});

test('what is refused is said, and shown as it is', async () => {
  const sent = serve({ kinds, channels: [mail], digestAt: '08:30', quiet: { from: '22:00', to: '07:00' } }, true);
  await show();
  const quiet = screen.getByRole('checkbox', { name: '免打扰' }) as HTMLInputElement;
  await userEvent.click(quiet);
  expect(sent).toHaveLength(1);
  await vi.waitFor(() => expect(quiet.checked).toBe(true));
});

test('a company without channels tells in the app', async () => {
  serve({ kinds, channels: [], digestAt: '08:30' });
  await show();
  screen.getByText(/只在站内/);
  expect(screen.queryByLabelText('每日汇总时间')).toBeNull();
});
