// Somebody without a mouse: Tab leads through a page, shows where one is, says what it is, and leads out again.
import { expect } from 'vitest';
import { journey, type Walker } from './walk';

interface Stop {
  name: string;
  role: string;
  /** What is wrong with it for somebody who comes there by a key, "" for nothing. */
  wrong: string;
  at: string;
}

/** Where the focus is; undefined where it is nowhere. */
const stop = ({ page }: Walker) =>
  page.evaluate((): Stop | undefined => {
    const element = document.activeElement;
    if (!element || element === document.body) return undefined;
    const words = (one: Element | null | undefined) => (one?.textContent ?? '').replace(/\s+/g, ' ').trim();
    const by = (element.getAttribute('aria-labelledby') ?? '').split(' ').filter(Boolean);
    const labels = (element as HTMLInputElement).labels;
    const isInput = element.matches('input, textarea, select');
    const name =
      element.getAttribute('aria-label') ||
      by.map((id) => words(document.getElementById(id))).join(' ') ||
      (labels ? [...labels].map(words).join(' ') : '') ||
      (isInput ? '' : words(element)) ||
      element.getAttribute('title') ||
      '';
    const { left, top, width, height } = element.getBoundingClientRect();
    const label = labels?.[0];
    const over = document.elementFromPoint(left + width / 2, top + height / 2);
    const isBare = isInput && (width < 8 || height < 8 || getComputedStyle(element).opacity === '0');
    const isShown = Boolean(over && (element.contains(over) || over.contains(element) || label?.contains(over)));
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
    const isMarked = (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none' || isInput || isBare;
    const wrong = [
      name ? '' : 'has no name',
      isShown || isBare ? '' : 'is not to be seen',
      isMarked ? '' : 'does not show that the focus is on it',
    ];
    return {
      name: name.slice(0, 50),
      role: element.getAttribute('role') ?? element.tagName.toLowerCase(),
      wrong: wrong.filter(Boolean).join(', '),
      at: [element.className, element.closest('[class]')?.className].join(' in ').slice(0, 80),
    };
  });

/** How many stops are enough to know a page that is a long list by. */
const enough = 90;

interface Way {
  stops: Stop[];
  /** Tab has led to the page's end. */
  out: boolean;
}

/** Goes through a page by Tab, from its beginning. */
async function through(walker: Walker): Promise<Way> {
  const { page } = walker;
  const stops: Stop[] = [];
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  while (stops.length < enough) {
    await page.keyboard.press('Tab');
    await walker.watch.settled();
    const now = await stop(walker);
    const isBegin = await page.evaluate(() => Boolean(document.activeElement?.matches('.skip')));
    if (!now || (isBegin && stops.length)) return { stops, out: true };
    stops.push(now);
  }
  return { stops, out: false };
}

const tell = (where: string, stops: Stop[]) =>
  stops.filter(({ wrong }) => wrong).map(({ role, name, wrong, at }) => `${where}: ${role} ${name} ${wrong} (${at})`);

journey(
  'Tab leads through a home, a list, a record and a form, says what each stop is and shows it, and leads out again',
  async (walker) => {
    const api = await walker.enter('sales');
    const [first] = await api.list('customer', { view: 'mine', limit: '1' });
    for (const path of ['/', '/f/customer', `/f/customer/${first?.id}`, '/f/customer/new']) {
      await walker.open(path);
      await walker.settled();
      const { stops, out } = await through(walker);
      expect(stops.length, path).toBeGreaterThan(10);
      expect(tell(path, stops), path).toEqual([]);
      // On a phone a list is one of cards, each a stop.
      expect(out || (walker.phone && path === '/f/customer'), `${path}: ${stops.length} stops`).toBe(true);
    }
    await walker.open('/f/customer/pool');
    await walker.settled();
    expect(tell('pool', (await through(walker)).stops)).toEqual([]);
  },
);

journey(
  'a record is opened from its row and left again by keys, and the focus is where it was',
  async (walker) => {
    const { page } = walker;
    await walker.enter('sales');
    await walker.open('/f/customer');
    await walker.settled();
    const focused = () => page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.at);
    await page.locator('[data-at="0:0"]').focus();
    await page.keyboard.press('ArrowDown');
    await expect.poll(focused).toBe('1:0');
    await page.keyboard.press('Enter');
    const drawer = page.getByRole('complementary', { name: '记录详情' });
    await drawer.waitFor();
    await walker.settled();
    expect(await drawer.evaluate((node) => node.contains(document.activeElement))).toBe(true);
    await walker.button('更多操作').last().focus();
    await page.keyboard.press('Enter');
    const menu = page.getByRole('dialog', { name: '更多操作' });
    await menu.waitFor();
    await page.keyboard.press('Escape');
    // What was opened last is shut first.
    await menu.waitFor({ state: 'detached' });
    expect(await drawer.count()).toBe(1);
    await page.keyboard.press('Enter');
    await menu.getByRole('button', { name: '退回公海' }).focus();
    await page.keyboard.press('Enter');
    const asked = page.locator('dialog[open]');
    await asked.waitFor();
    await page.keyboard.press('Escape');
    await asked.waitFor({ state: 'detached' });
    expect(await drawer.count()).toBe(1);
    await drawer.focus();
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
    await expect.poll(focused).toBe('1:0');
  },
  { at: ['desk'] },
);
