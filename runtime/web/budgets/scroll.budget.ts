// Scrolling through 5,000 rows must stay smooth, while pages come in and after; beside a bare page of as many lines,
// scrolled by turns in the same browser.
import { loadavg } from 'node:os';
import type { Page } from 'playwright-core';
import { test } from 'vitest';
import { visit } from '../journeys/walk';
import { hold, ms, quantile, round, say } from './figures';
import { joined, parts, traced, type Work } from './trace';

const rows = 5_000;
/** How many rows are scrolled through before it is the other page's turn. */
const turn = 1_000;
const rowHeight = 34;

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
        // They stand in order; to measure all of them would itself be much of a frame.
        const first = body.firstElementChild?.getBoundingClientRect().top ?? bottom;
        const last = body.lastElementChild?.getBoundingClientRect().bottom ?? top;
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

/** Scrolls by a notch of the wheel in each frame, until that far down; the last page loaded may hold it up. */
async function scrollTo(page: Page, to: number): Promise<void> {
  await page.evaluate(
    (wanted) =>
      new Promise<void>((resolve) => {
        const scroller = document.querySelector('.grid-scroll') ?? document.scrollingElement;
        if (!scroller) throw new Error('nothing scrolls');
        const step = () => {
          scroller.scrollBy(0, 100);
          if (scroller.scrollTop >= wanted) resolve();
          else requestAnimationFrame(step);
        };
        step();
      }),
    to,
  );
}

const toTop = (page: Page) =>
  page.evaluate(() => (document.querySelector('.grid-scroll') ?? document.scrollingElement)?.scrollTo(0, 0));

/** As many lines as the list has rows, and no script. */
async function layBare(page: Page): Promise<void> {
  const lines = Array.from({ length: rows + 50 }, (_, n) => `<p>${n} as plain as a line of text can be</p>`).join('');
  await page.setContent(`<!doctype html><style>p { margin: 0; height: ${rowHeight}px }</style>${lines}`);
}

/** Scrolls through both pages by turns; answers what the list took, then what the bare page did. */
async function pass(list: Page, bare: Page): Promise<[Work, Work]> {
  const works: [Work[], Work[]] = [[], []];
  for (let row = turn; row <= rows; row += turn) {
    for (const [at, page] of [list, bare].entries()) {
      works[at]?.push(await traced(page, () => scrollTo(page, row * rowHeight - 1_500)));
    }
  }
  return [joined(works[0]), joined(works[1])];
}

function tell(name: string, [list, bare]: [Work, Work]): void {
  const [ours, theirs] = [quantile(list.frames, 0.95), quantile(bare.frames, 0.95)];
  const from = `${list.frames.length} frames, p50 ${ms(quantile(list.frames, 0.5))}, on the processor, load ${loadavg()[0]?.toFixed(1)}`;
  hold({ name: `work in a frame, ${name}, p95`, seen: ours, most: 8, unit: ' ms', from });
  hold({ name: `longest task, ${name}`, seen: list.longest, most: 50, unit: ' ms', from });
  const shares = (work: Work) =>
    parts.map((part) => `${part} ${round(work.spent[part] / work.frames.length)}`).join(', ');
  say(`      a frame, ${name}: ${shares(list)} ms in the mean; of the bare page ${shares(bare)}`);
  say(`      p95 ÷ that of the bare page: ${round(ours)} ÷ ${round(theirs)} = ${round(ours / theirs)}`);
}

test('scrolling through 5,000 rows', async () => {
  await visit('desk', {}, async ({ page: bare }) => {
    await layBare(bare);
    await visit('desk', {}, async (walker) => {
      const { page } = walker;
      await walker.enter('director');
      await walker.open('/f/customer');
      await walker.settled();
      await watchBlanks(page);
      tell('while pages come in', await pass(page, bare));
      await toTop(page);
      await toTop(bare);
      await walker.settled();
      tell('once they are there', await pass(page, bare));
      const blank = await page.evaluate(() => (window as unknown as { blanks: { longest: number } }).blanks.longest);
      hold({ name: 'longest blank row', seen: blank, most: 100, unit: ' ms', from: 'both passes' });
    });
  });
});
