// The pages that there are for somebody, by the catalog that they see, and the words that differ from form to form.
import { type Api, type Company, demo } from '../api';
import { type Size, visit, type Walker } from '../walk';
import { Crawler, type Pressed } from './crawler';

interface Catalog {
  forms: Form[];
  menu: string[];
  dashboards: { key: string }[];
}
interface Form {
  key: string;
  label: Label;
  views: { key: string; label: Label }[];
  pools?: unknown[];
  rights: { create: boolean; update: boolean };
  fields: { definition: { 'x-label': Label; 'x-options'?: { label: Label }[] } }[];
}
type Label = Record<string, string>;

export interface Place {
  address: string;
  /** The form that it is about, "" for none. */
  form: string;
}

export async function placesOf(api: Api): Promise<{ places: Place[]; words: string[] }> {
  const { forms, menu, dashboards } = await api.call<Catalog>('GET', '/catalog');
  const places: Place[] = ['/', ...dashboards.map(({ key }) => `/d/${key}`)].map((address) => ({ address, form: '' }));
  for (const form of forms.filter(({ key }) => menu.includes(key))) {
    for (const address of await addressesOf(api, form)) places.push({ address, form: form.key });
  }
  const { user } = await api.call<{ user: { admin?: boolean } }>('GET', '/me');
  const others = ['/jobs', '/me', '/notifications', '/values', ...(user.admin ? ['/staff', '/log'] : [])];
  places.push(...[...others, '/no/such/place'].map((address) => ({ address, form: '' })));
  return { places, words: wordsOf(forms) };
}

async function addressesOf(api: Api, { key, views, pools, rights }: Form): Promise<string[]> {
  const [first] = await api.list(key, { limit: '1' });
  return [
    ...(views.length ? views.map((view) => `/f/${key}?view=${view.key}`) : [`/f/${key}`]),
    ...(first ? [`/f/${key}?record=${first.id}`, `/f/${key}/${first.id}`] : []),
    ...(pools?.length ? ['waiting', 'leaving', 'dealt'].map((tab) => `/f/${key}/pool?tab=${tab}`) : []),
    ...(rights.create ? [`/f/${key}/new`] : []),
    ...(rights.create || rights.update ? [`/f/${key}/import`] : []),
  ];
}

/** What forms, their views, fields and choices are called, the longest first: shorter ones stand within them. */
function wordsOf(forms: Form[]): string[] {
  const labels = forms.flatMap(({ label, views, fields }) => [
    label,
    ...views.map((view) => view.label),
    ...fields.flatMap(({ definition }) => [
      definition['x-label'],
      ...(definition['x-options'] ?? []).map((option) => option.label),
    ]),
  ]);
  const words = labels.map((one) => one?.['zh-CN'] ?? '').filter((word) => word.length > 1);
  return [...new Set(words)].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
}

interface Round {
  user: string;
  size: Size;
  of?: Company;
  /** Whether a page is gone through; every one unless said otherwise. */
  only?: (place: Place) => boolean;
  /** What differs from form to form is pressed for each form, not once. */
  each?: boolean;
}

/** Goes through somebody's pages, prints what was pressed, and answers what is wrong. */
export async function round({ user, size, of = demo, only = () => true, each = false }: Round): Promise<string[]> {
  const wrong: string[] = [];
  await visit(size, {}, async (walker: Walker) => {
    const enter = () => walker.enter(user, of);
    const { places, words } = await placesOf(await enter());
    const crawler = await Crawler.of(walker, { enter, words: each ? [] : words });
    for (const { address, form } of places.filter(only)) {
      const before = crawler.pressed.length;
      try {
        await crawler.crawl(address, each ? form : '');
      } finally {
        print(`${user}, ${size}, ${address}`, crawler.pressed.slice(before));
      }
    }
    for (const one of [...crawler.pressed, ...crawler.unexplained()]) {
      if (one.wrong) wrong.push(`${one.page}: ${one.name} — ${one.wrong}`);
    }
  });
  return wrong;
}

function print(where: string, pressed: Pressed[]): void {
  const names = pressed.map(({ name, wrong }) => (wrong ? `${name} (${wrong})` : name));
  process.stdout.write(`${where}: ${pressed.length} pressed: ${names.join(' · ')}\n`);
}
