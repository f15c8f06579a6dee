// Markup that would be noticed if any page took it for its own.
import { expect } from 'vitest';
import type { Walker } from './walk';

export const markup =
  '<img src=x onerror="globalThis.bitten=1"><svg onload=globalThis.bitten=1><script>globalThis.bitten=1</script>"\'>{{bitten=1}}';

/** Holds that none of it has become part of the page, or has run. */
export async function unbitten({ page }: Walker, where: string): Promise<void> {
  expect(await page.evaluate(() => (globalThis as { bitten?: number }).bitten), where).toBeUndefined();
  expect(await page.locator('img[src="x"], svg[onload]').count(), where).toBe(0);
}
