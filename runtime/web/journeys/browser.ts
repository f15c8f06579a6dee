// A browser as a person has it, and what each page must hold.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { type Size, sizes } from './walk';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface Visit {
  page: Page;
  /** What the page complained about; nothing may be in it at the end. */
  complaints: string[];
}

interface Manner {
  size: Size;
  locale?: string;
  dark?: boolean;
}

export async function open(
  browser: Browser,
  base: string,
  { size, locale = 'zh-CN', dark = false }: Manner,
): Promise<Visit> {
  const phone = size === 'phone';
  const context = await browser.newContext({
    baseURL: base,
    viewport: sizes[size],
    locale,
    timezoneId: 'Asia/Shanghai',
    isMobile: phone,
    hasTouch: phone,
    reducedMotion: 'reduce',
    colorScheme: dark ? 'dark' : 'light',
  });
  // Nothing here is on a network: what takes longer than this hangs.
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // The browser logs each answer above 399 by itself; those are asserted where they are meant.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
  return { page, complaints };
}

export async function signIn(page: Page, username: string): Promise<void> {
  await page.goto('/');
  await page.getByLabel(/组织|Organisation/).fill('demo');
  await page.getByLabel(/用户名|User name/).fill(username);
  await page.getByLabel(/密码|Password/).fill('demo');
  await page.keyboard.press('Enter');
  await page.locator('.shell').waitFor();
}

interface Violation {
  id: string;
  nodes: { target: string[]; failureSummary?: string }[];
}

/** Holds that a page as it stands breaks no rule of WCAG 2.2 AA that a machine can check. */
export async function accessible(page: Page, where: string): Promise<void> {
  await page.waitForLoadState('networkidle');
  // The page's own policy lets no script in; what is evaluated from outside is not bound by it.
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run: (node: Document, options: object) => Promise<{ violations: Violation[] }> };
    };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    return (await axe.run(document, { runOnly: { type: 'tag', values: tags } })).violations;
  });
  const told = violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .slice(0, 4)
        .map((n) => `${n.target.join(' ')} (${n.failureSummary?.split('\n')[1]?.trim()})`)
        .join('; ')}`,
  );
  expect(told, `axe on ${where}`).toEqual([]);
}
