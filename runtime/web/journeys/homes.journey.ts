// What those see first who neither sell nor lead: every figure of it is there, for everybody, on either screen.
import { expect } from 'vitest';
import { journey } from './walk';

/** Who, and what their home is called. */
const homes = [
  ['product', '产品看板'],
  ['marketing', '市场看板'],
  ['finance', '财务看板'],
] as const;

journey('those who look after products, the market and money have a home in which nothing is amiss', async (walker) => {
  const { page } = walker;
  for (const [who, title] of homes) {
    await walker.enter(who);
    await walker.open('/');
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    await walker.settled();
    expect(await page.getByRole('alert').allTextContents(), `what is amiss at ${who}`).toEqual([]);
    expect(await page.getByRole('main').getByRole('region').count()).toBeGreaterThan(4);
    await walker.accessible(`home of ${who}`);
    await walker.fits(`home of ${who}`);
  }
});
