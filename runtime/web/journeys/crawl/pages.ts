// The pages that there are for somebody, by the catalog that they see, and the words that differ from form to form.
import { type Api, type Company, demo } from '../api';
import { type Size, visit, type Walker } from '../walk';
import type { Words } from './controls';
import { Crawler, type Pressed } from './crawler';
import type { Report } from './report';

interface Catalog {
  forms: Form[];
  menu: string[];
  dashboards: { key: string }[];
}
interface Named {
  key: string;
  label: Label;
}
interface Form extends Named {
  views: Named[];
  actions?: Named[];
  pools?: Named[];
  rights: { create: boolean; update: boolean };
  fields: { definition: { 'x-label': Label; 'x-options'?: { label: Label }[] } }[];
}
interface Told {
  id: string;
  rights: { update: boolean; delete: boolean; actions: string[] };
}
type Label = Record<string, string>;

export interface Place {
  address: string;
  /** What it is called in reports: the address without the ids of one company's records. */
  name: string;
  /** The form that it is about, "" for none. */
  form: string;
}

const plain = (address: string): Place => ({ address, name: address, form: '' });

async function placesOf(api: Api): Promise<{ places: Place[]; forms: Form[] }> {
  const { forms, menu, dashboards } = await api.call<Catalog>('GET', '/catalog');
  const { user } = await api.call<{ user: { admin?: boolean } }>('GET', '/me');
  const others = [
    '/jobs',
    '/me',
    '/notifications',
    '/followed',
    '/mentions',
    '/values',
    ...(user.admin ? ['/staff', '/log'] : []),
  ];
  const shown = forms.filter(({ key }) => menu.includes(key));
  const ofForms: Place[] = [];
  for (const form of shown) ofForms.push(...(await placesOfForm(api, form)));
  return {
    places: [
      ...['/', ...dashboards.map(({ key }) => `/d/${key}`)].map(plain),
      ...ofForms,
      ...[...others, '/no/such/place'].map(plain),
    ],
    forms,
  };
}

async function placesOfForm(api: Api, { key, views, pools, rights }: Form): Promise<Place[]> {
  const [first, ...others] = covering((await api.list(key, { limit: '100' })) as unknown as Told[]);
  const fixed = [
    ...(views.length ? views.map((view) => `/f/${key}?view=${view.key}`) : [`/f/${key}`]),
    ...(pools?.length ? ['waiting', 'leaving', 'dealt'].map((tab) => `/f/${key}/pool?tab=${tab}`) : []),
    ...(rights.create ? [`/f/${key}/new`] : []),
    ...(rights.create || rights.update ? [`/f/${key}/import`] : []),
  ].map((address) => ({ address, name: address, form: key }));
  return [
    ...fixed,
    ...(first ? [{ address: `/f/${key}?record=${first.id}`, name: `/f/${key}?record=…`, form: key }] : []),
    ...others.map(({ id }, at) => ({ address: `/f/${key}/${id}`, name: `/f/${key}/… ${at + 1}`, form: key })),
  ];
}

/** Records on which everything can be done that can be done to any: one for the drawer, and as many more as it takes. */
function covering(records: Told[]): Told[] {
  const rightsOf = ({ rights }: Told) => [
    ...rights.actions,
    ...(rights.update ? ['.update'] : []),
    ...(rights.delete ? ['.delete'] : []),
  ];
  const most = (left: Told[], open: Set<string>) =>
    left.reduce((best, one) => (gain(one, open) > gain(best, open) ? one : best));
  const gain = (one: Told, open: Set<string>) => rightsOf(one).filter((right) => open.has(right)).length;
  const left = [...records];
  const chosen: Told[] = left.length > 1 ? left.splice(0, 1) : [];
  const open = new Set(records.flatMap(rightsOf));
  while (left.length && (open.size || chosen.length < 2)) {
    const next = most(left, open);
    chosen.push(...left.splice(left.indexOf(next), 1));
    if (!gain(next, open)) break;
    for (const right of rightsOf(next)) open.delete(right);
  }
  return chosen;
}

const sorted = (labels: Label[]) =>
  [...new Set(labels.map((one) => one?.['zh-CN'] ?? '').filter((word) => word.length > 1))].sort(
    // The longest first: shorter ones stand within them.
    (a, b) => b.length - a.length || (a < b ? -1 : 1),
  );

/** What forms, fields and choices are called stands for one another; what is to be chosen and done in a form does not. */
function wordsOf(forms: Form[], each: boolean): Words {
  const own = sorted(
    forms.flatMap(({ views, actions = [], pools = [] }) => [...views, ...actions, ...pools].map((one) => one.label)),
  );
  const alike = sorted(
    forms.flatMap(({ label, fields }) => [
      label,
      ...fields.flatMap(({ definition }) => [
        definition['x-label'],
        ...(definition['x-options'] ?? []).map((option) => option.label),
      ]),
    ]),
  );
  return each ? { alike, own } : { alike: [...own, ...alike], own: [] };
}

interface Round {
  user: string;
  size: Size;
  of?: Company;
  /** Whether a page is gone through; every one unless said otherwise. */
  only?: (place: Place) => boolean;
  /** It is long: the report that it is part of, so that one that was broken off goes on where it was. */
  report?: Report;
}

/** Goes through somebody's pages, prints what was pressed, and answers what is wrong. */
export async function round({ user, size, of = demo, only = () => true, report }: Round): Promise<string[]> {
  const wrong: string[] = [];
  await visit(size, {}, async (walker: Walker) => {
    const enter = () => walker.enter(user, of);
    const { places, forms } = await placesOf(await enter());
    const crawler = await Crawler.of(walker, {
      enter,
      words: wordsOf(forms, report !== undefined),
      progress: report?.progress(),
    });
    for (const place of places.filter(only)) {
      if (report?.has(user, place.name)) continue;
      const before = crawler.pressed.length;
      const begun = performance.now();
      let whole = false;
      try {
        await crawler.crawl(place.address, place.form);
        whole = true;
      } finally {
        const pressed = crawler.pressed.slice(before);
        const seconds = (performance.now() - begun) / 1000;
        print(`${user}, ${size}, ${place.name}`, seconds, pressed);
        report?.add({ round: user, place: place.name, whole, seconds, pressed, ...crawler.taken() });
      }
    }
    const never = new Set(crawler.unexplained().map(({ page }) => page));
    report?.end(
      user,
      places.filter(({ address }) => never.has(address)).map(({ name }) => name),
    );
    for (const one of [...crawler.pressed, ...crawler.unexplained()]) {
      if (one.wrong) wrong.push(`${one.page}: ${one.name} — ${one.wrong}`);
    }
  });
  return wrong;
}

function print(where: string, seconds: number, pressed: Pressed[]): void {
  const names = pressed.map(({ name, wrong }) => (wrong ? `${name} (${wrong})` : name));
  process.stdout.write(`${where}: ${pressed.length} pressed in ${seconds.toFixed(1)} s: ${names.join(' · ')}\n`);
}
