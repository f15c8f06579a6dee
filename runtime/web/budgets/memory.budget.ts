// Whoever works all day must not have to reload: memory stays flat after 500 navigations.
import type { CDPSession } from 'playwright-core';
import { test } from 'vitest';
import { visit, type Walker } from '../journeys/walk';
import { hold } from './figures';

const warm = 150;
const navigations = 500;
const mb = 1 << 20;
const lists = ['customer', 'contact', 'opportunity', 'lead'];

interface Held {
  heap: number;
  nodes: number;
  listeners: number;
}

async function held(session: CDPSession): Promise<Held> {
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const counters = await session.send('Memory.getDOMCounters');
  return { heap: usedSize, nodes: counters.nodes, listeners: counters.jsEventListeners };
}

/** Goes from list to record and back, through the menu, n navigations in all, and ends where it always ends. */
async function wander(walker: Walker, n: number): Promise<void> {
  const { page } = walker;
  for (let done = 0; done < n; done += 3) {
    const form = lists[(done / 3) % lists.length];
    await page.locator(`nav a[href="/f/${form}"]`).first().click();
    await walker.settled();
    await page.locator('.grid-body [data-at="0:0"]').first().click();
    await page.waitForURL(/record=|\/f\/\w+\/\w{10,}/);
    await walker.settled();
    await page.goBack();
    await walker.settled();
  }
  // Pages differ in what they hold: only the same one can be compared with itself.
  await page.locator(`nav a[href="/f/${lists[0]}"]`).first().click();
  await walker.settled();
}

test('memory after 500 navigations', async () => {
  await visit('desk', {}, async (walker) => {
    await walker.enter('director');
    await walker.open('/f/customer');
    const session = await walker.context.newCDPSession(walker.page);
    await wander(walker, warm);
    const before = await held(session);
    await wander(walker, navigations - warm);
    const after = await held(session);
    for (const what of ['heap', 'nodes', 'listeners'] as const) {
      const tell = (one: Held) => (what === 'heap' ? `${(one.heap / mb).toFixed(1)} MB` : `${one[what]}`);
      hold({
        name: `${what} after ${navigations} navigations ÷ after ${warm}`,
        seen: after[what] / before[what],
        most: 1.1,
        from: `${tell(after)} beside ${tell(before)}, garbage collected`,
      });
    }
  });
});
