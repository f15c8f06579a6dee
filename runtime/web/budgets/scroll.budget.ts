// Scrolling through 5,000 rows must stay smooth, while pages come in and after.
import type { Page } from 'playwright-core';
import { test } from 'vitest';
import { visit } from '../journeys/walk';
import { hold, ms, quantile } from './figures';
import { traced } from './trace';

const rows = 5_000;

/** Notes while it runs how long any place within the grid that should show a row showed none, ms. */
async function watchBlanks(page: Page): Promise<void> {
  await page.evaluate(() => {
    const state = { longest: 0 };
    Object.assign(window, { blanks: state });
    let since = 0;
    const look = (now: number) => {
      const scroller = document.querySelector('.grid-scroll');
      const body = document.querySelector('.grid-body');
      if (scroller && body) {
        const seen = scroller.getBoundingClientRect();
        const whole = body.getBoundingClientRect();
        const top = Math.max(seen.top, whole.top);
        const bottom = Math.min(seen.bottom, whole.bottom);
        const shown = [...body.children].map((row) => row.getBoundingClientRect());
        const first = Math.min(...shown.map((box) => box.top));
        const last = Math.max(...shown.map((box) => box.bottom));
        if (first > top + 1 || last < bottom - 1) {
          since ||= now;
          state.longest = Math.max(state.longest, now - since);
        } else since = 0;
      }
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}

/** Scrolls by a notch of the wheel in each frame, until the row is reached; the last page loaded may hold it up. */
async function scrollTo(page: Page, row: number): Promise<void> {
  await page.evaluate(
    (wanted) =>
      new Promise<void>((resolve) => {
        const scroller = document.querySelector('.grid-scroll');
        const step = () => {
          scroller?.scrollBy(0, 100);
          const last = document.querySelector('.grid-body > :last-child')?.getAttribute('aria-rowindex');
          if (Number(last) >= wanted) resolve();
          else requestAnimationFrame(step);
        };
        step();
      }),
    row,
  );
}

test('scrolling through 5,000 rows', async () => {
  await visit('desk', {}, async (walker) => {
    const { page } = walker;
    await walker.enter('director');
    await walker.open('/f/customer');
    await walker.settled();
    await watchBlanks(page);
    const passes = {
      'while pages come in': await traced(page, () => scrollTo(page, rows)),
      'once they are there': await (async () => {
        await page.evaluate(() => document.querySelector('.grid-scroll')?.scrollTo(0, 0));
        await walker.settled();
        return traced(page, () => scrollTo(page, rows));
      })(),
    };
    for (const [pass, { frames, longest }] of Object.entries(passes)) {
      const from = `${frames.length} frames, p50 ${ms(quantile(frames, 0.5))}, on the processor`;
      hold({ name: `work in a frame, ${pass}, p95`, seen: quantile(frames, 0.95), most: 8, unit: ' ms', from });
      hold({ name: `longest task, ${pass}`, seen: longest, most: 50, unit: ' ms', from });
    }
    const blank = await page.evaluate(() => (window as unknown as { blanks: { longest: number } }).blanks.longest);
    hold({ name: 'longest blank row', seen: blank, most: 100, unit: ' ms', from: 'both passes' });
  });
});
