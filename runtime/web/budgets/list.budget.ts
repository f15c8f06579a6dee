// A list over all customers must stand nearly as soon as a page without any data.
import { expect, test } from 'vitest';
import { visit, type Walker } from '../journeys/walk';
import { hold, median, spread } from './figures';

const rounds = 7;

/** Milliseconds from the start of the navigation until the largest thing that a page paints is painted. */
async function largestPaint({ page }: Walker): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let last = 0;
        const watch = new PerformanceObserver((list) => {
          for (const one of list.getEntries()) last = one.startTime;
        });
        watch.observe({ type: 'largest-contentful-paint', buffered: true });
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(last)));
      }),
  );
}

/** When a page notes that what matches a selector has been painted, ms since its navigation began. */
const noteFirst = (selector: string) => `
  const look = () => document.querySelector(${JSON.stringify(selector)})
    ? requestAnimationFrame(() => { const c = new MessageChannel(); c.port1.onmessage = () => { window.firstSeen = performance.now(); }; c.port2.postMessage(0); })
    : requestAnimationFrame(look);
  look();`;

interface Standing {
  paint: number;
  content: number;
}

async function standing(walker: Walker, path: string, content: string): Promise<Standing> {
  const { page } = walker;
  await page.addInitScript(noteFirst(content));
  await page.goto(path);
  await page.waitForFunction(() => 'firstSeen' in window);
  await walker.settled();
  const seen = await page.evaluate(() => (window as unknown as { firstSeen: number }).firstSeen);
  return { paint: await largestPaint(walker), content: seen };
}

test('a list over all customers', async () => {
  const door: Standing[] = [];
  const list: Standing[] = [];
  for (let round = 0; round < rounds; round++) {
    await visit('desk', {}, async (walker) => {
      door.push(await standing(walker, '/', 'form input'));
    });
    await visit('desk', {}, async (walker) => {
      const api = await walker.enter('director');
      const { count } = await api.call<{ count: { value: number } }>(
        'GET',
        '/forms/customer/records?limit=1&count=exact',
      );
      expect(count.value).toBeGreaterThanOrEqual(Number(process.env.RECORDS ?? 100_000));
      list.push(await standing(walker, '/f/customer', '[data-at="0:0"]'));
    });
  }
  const of = (samples: Standing[], what: keyof Standing) => samples.map((one) => one[what]);
  for (const what of ['paint', 'content'] as const) {
    hold({
      name:
        what === 'paint'
          ? 'largest paint of the list ÷ of the door'
          : 'first row of the list ÷ first input of the door',
      seen: median(of(list, what)) / median(of(door, what)),
      most: 2.5,
      from: `${spread(of(list, what))} beside ${spread(of(door, what))}, ${rounds} rounds by turns, empty caches`,
    });
  }
});
