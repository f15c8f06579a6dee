// What is typed must stand there at once, also where rules over 40 fields answer while one types.
import type { Page } from 'playwright-core';
import { test } from 'vitest';
import { visit } from '../journeys/walk';
import { wideKey, wideLabel } from './company';
import { hold, ms, quantile } from './figures';

const text = 'a maker of precision parts wants 3 lines, 12 stations and one report a day';
/** A quick typist's pause between keys, ms. */
const delay = 60;
const rounds = 3;

/** Notes for each key how long it takes until a frame after it has been painted, ms. */
async function watchKeys(page: Page): Promise<void> {
  await page.evaluate(() => {
    const samples: number[] = [];
    Object.assign(window, { samples });
    document.addEventListener(
      'keydown',
      ({ timeStamp }) =>
        requestAnimationFrame(() => {
          const painted = new MessageChannel();
          painted.port1.onmessage = () => samples.push(performance.now() - timeStamp);
          painted.port2.postMessage(0);
        }),
      true,
    );
  });
}

const keys = (page: Page) => page.evaluate(() => (window as unknown as { samples: number[] }).samples);

async function typed(page: Page, label: string): Promise<number[]> {
  const input = page.getByLabel(label, { exact: true });
  await input.click();
  await watchKeys(page);
  await page.keyboard.type(text, { delay });
  return keys(page);
}

test('typing into a form of 40 fields', async () => {
  const bare: number[] = [];
  const form: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await visit('desk', {}, async ({ page }) => {
      await page.setContent('<label>bare <input></label>');
      bare.push(...(await typed(page, 'bare')));
    });
    await visit('desk', {}, async (walker) => {
      await walker.enter('director');
      await walker.open(`/f/${wideKey}/new`);
      await walker.settled();
      form.push(...(await typed(walker.page, wideLabel)));
    });
  }
  const [ours, theirs] = [quantile(form, 0.95), quantile(bare, 0.95)];
  const from = `p95 ${ms(ours)} beside ${ms(theirs)}, ${form.length} and ${bare.length} keys`;
  hold({ name: 'key to paint in a form of 40 fields ÷ in a bare input', seen: ours / theirs, most: 3, from });
  hold({ name: 'key to paint in a form of 40 fields, p95', seen: ours, most: 100, unit: ' ms', from });
});
