// Pictures of 25 pages in both sizes, light and dark, into .tmp/screenshots: for eyes, compared with nothing.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, test } from 'vitest';
import { Api } from './api';
import { type Size, visit, type Walker } from './walk';

const folder = join(import.meta.dirname, '..', '..', '..', '.tmp', 'screenshots');

beforeAll(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
});

type Step = (walker: Walker) => Promise<unknown>;
interface Picture {
  name: string;
  /** Whose screen it is; nobody's for the door. */
  who?: string;
  /** Where; a record's address ends in the id of the first one. */
  at: string;
  after?: Step;
}

const filter = JSON.stringify({ join: 'and', items: [{ field: 'status', op: 'in', value: ['won', 'negotiating'] }] });
const pictures: Picture[] = [
  { name: 'door', at: '/' },
  { name: 'home-sales', who: 'sales', at: '/' },
  { name: 'home-director', who: 'director', at: '/' },
  { name: 'home-finance', who: 'finance', at: '/' },
  { name: 'home-marketing', who: 'marketing', at: '/' },
  { name: 'list', who: 'sales', at: '/f/customer' },
  { name: 'list-filtered', who: 'sales', at: `/f/customer?f=${encodeURIComponent(filter)}` },
  {
    name: 'list-filter-open',
    who: 'sales',
    at: `/f/customer?f=${encodeURIComponent(filter)}`,
    after: ({ page }) => page.getByRole('button', { name: /^筛选/ }).click(),
  },
  { name: 'list-empty', who: 'sales', at: '/f/customer?q=zzzzzzzz' },
  { name: 'list-opportunity', who: 'director', at: '/f/opportunity' },
  { name: 'board', who: 'director', at: '/f/opportunity?view=funnel' },
  {
    name: 'drawer',
    who: 'sales',
    at: '/f/customer',
    after: ({ page }) => page.locator('.grid-body [data-at="0:0"], .cards .card-row').first().click(),
  },
  { name: 'record', who: 'sales', at: '/f/opportunity/:first' },
  { name: 'record-quote', who: 'sales', at: '/f/quote/:first' },
  {
    name: 'record-edit',
    who: 'sales',
    at: '/f/quote/:first',
    after: (walker) => walker.button('编辑').click(),
  },
  { name: 'new', who: 'sales', at: '/f/opportunity/new' },
  {
    name: 'new-faults',
    who: 'sales',
    at: '/f/contact/new',
    after: (walker) => walker.save(),
  },
  {
    name: 'palette',
    who: 'sales',
    at: '/',
    after: async ({ page }) => {
      await page.getByRole('button', { name: /搜索/ }).first().click();
      await page.getByRole('combobox', { name: '搜索与命令' }).fill('上海');
      await page.getByRole('option', { name: /上海/ }).first().waitFor();
    },
  },
  {
    name: 'person',
    who: 'sales',
    at: '/',
    after: ({ page, phone }) => page.getByRole('button', { name: phone ? '更多' : /的设置$/ }).click(),
  },
  { name: 'tasks', who: 'sales', at: '/f/task' },
  { name: 'pool', who: 'sales', at: '/f/customer/pool' },
  { name: 'import', who: 'manager', at: '/f/customer/import' },
  { name: 'absence', who: 'sales', at: '/me' },
  { name: 'log', who: 'admin', at: '/log?kind=all' },
  { name: 'not-found', who: 'sales', at: '/no/such/place' },
];

async function addressOf({ at, who }: Picture, address: string): Promise<string> {
  const form = /^\/f\/(\w+)\/:first$/.exec(at)?.[1];
  if (!form || !who) return at;
  const api = await Api.as(address, who);
  const [first] = await api.list(form, { limit: '1' });
  return at.replace(':first', first?.id ?? '');
}

const looks = (['desk', 'phone'] as Size[]).flatMap((size) => [false, true].map((dark) => [size, dark] as const));

test.each(looks)('%s, dark: %s', async (size, dark) => {
  for (const picture of pictures) {
    await visit(size, { dark }, async (walker) => {
      const { page, address } = walker;
      if (picture.who) await walker.enter(picture.who);
      await page.goto(await addressOf(picture, address));
      await page.getByRole('heading', { level: 1 }).waitFor();
      await walker.settled();
      await picture.after?.(walker);
      await walker.settled();
      await page.screenshot({ path: join(folder, `${picture.name}-${size}${dark ? '-dark' : ''}.png`) });
    });
  }
});
