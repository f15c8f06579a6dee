// What every journey walks with: a browser, a page in one of two sizes, somebody signed in, and checks that hold on
// each page.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type axe from 'axe-core';
import type { RunOnly } from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import { Api, type Company, demo } from './api';
import { type Server, start } from './server';
import { thumb, tooSmall } from './thumb';
import { Watch } from './watch';

export const sizes = {
  desk: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
} as const;
export type Size = keyof typeof sizes;

const program = process.env.CHROMIUM;
const pictures = join(import.meta.dirname, '..', '..', '..', '.tmp', 'journeys');

export function launch(): Promise<Browser> {
  if (!program) throw new Error('CHROMIUM names no browser; make journeys finds one');
  return chromium.launch({ executablePath: program, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** How somebody has set up their browser. */
export interface Look {
  dark?: boolean;
  locale?: string;
  /** Somebody who was never here, and is shown around. */
  isNew?: boolean;
  /** Where the browser believes to be; people travel, their company's hours do not. */
  zone?: string;
}

/** How long one step may take to show, ms: many times what it takes on a machine that does something else as well. */
const patience = 20_000;

export async function openContext(browser: Browser, address: string, size: Size, look: Look = {}) {
  const context = await browser.newContext({
    baseURL: address,
    viewport: sizes[size],
    isMobile: size === 'phone',
    hasTouch: size === 'phone',
    locale: look.locale ?? 'zh-CN',
    timezoneId: look.zone ?? 'Asia/Shanghai',
    colorScheme: look.dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(patience);
  if (!look.isNew) {
    // An empty page keeps nothing.
    await context.addInitScript(() => location.origin !== 'null' && localStorage.setItem('tidewater.toured', '*'));
  }
  return context;
}

/** Each page reads it anew, so it is the small one. */
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const standard: RunOnly = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
/** What hangs on colours; all else is in the dark as it is in the light. */
const ofColours: RunOnly = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };
/** Where a file's walks have looked in the dark: the first places of each, once, in whichever size comes there first. */
const seenInDark = new Set<string>();
/** Colours are the same everywhere: some places of each file show what is wrong with one, in half the time of all. */
const darkPlaces = 2;

/** A word that no other walk uses. */
export const unique = () => `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}`;

/** Somebody in front of a screen. */
export class Walker {
  readonly watch: Watch;

  constructor(
    readonly page: Page,
    readonly context: BrowserContext,
    readonly size: Size,
    readonly address: string,
  ) {
    this.watch = new Watch(page);
  }

  get phone(): boolean {
    return this.size === 'phone';
  }

  /** Signs in without the form; the door has a journey of its own. */
  async enter(username: string, of: Company = demo): Promise<Api> {
    const answer = await this.context.request.post('/api/v1/auth/login', {
      headers: { 'X-Tidewater': 'web' },
      data: { ...of, username },
    });
    expect(answer.status()).toBe(200);
    return Api.as(this.address, username, of);
  }

  /** Opens an address of the app and waits until its frame stands. */
  async open(path: string): Promise<void> {
    await this.page.goto(path);
    await this.page.getByRole('navigation').first().waitFor();
  }

  /** Waits until what the page shows is all that it has to show. */
  async settled(): Promise<void> {
    await this.watch.settled();
    await this.page.waitForFunction(() => !document.querySelector('[aria-busy="true"], .skeleton'));
    await this.watch.settled();
  }

  /** Waits until the rules have answered about a text that was typed. */
  async ruled(text: string, act: () => Promise<unknown>): Promise<void> {
    const answer = this.page.waitForResponse(
      (one) => one.url().endsWith('/evaluate') && Boolean(one.request().postData()?.includes(text)),
    );
    await act();
    await answer;
  }

  /** A field of a form, by its label, with its input in it. */
  field(label: string): Locator {
    const name = this.page.locator('.name').filter({ hasText: new RegExp(`^(\\* )?${label}$`) });
    return this.page.locator('[data-field]').filter({ has: name });
  }

  async type(label: string, text: string): Promise<void> {
    await this.field(label).getByRole('textbox').first().fill(text);
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' });
  }

  /** An entry of the list of choices that is open. */
  option(text: string | RegExp): Locator {
    return this.page
      .locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option')
      .filter({ hasText: text });
  }

  /** Saves the form that is open. */
  async save(): Promise<void> {
    await this.button('保存').first().click();
  }

  /** Words that must come to be seen. */
  async reads(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).filter({ visible: true }).first().waitFor();
  }

  /** Holds that a list is as long as those that people work with, by the count in its head: rows are virtual. */
  async holds(where: string, least = 50): Promise<void> {
    const count = this.page
      .getByRole('status')
      .filter({ hasText: /\d\+? 条$/, visible: true })
      .first();
    const said = (await count.textContent()) ?? '';
    expect(Number(/\d+/.exec(said)?.[0]), `${where} is filled`).toBeGreaterThanOrEqual(least);
  }

  /** Holds that nothing is wider than the screen. */
  async fits(where: string): Promise<void> {
    const over = await this.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(over, `${where} fits, at ${this.size}`).toBeLessThanOrEqual(0);
  }

  /** Holds that a finger hits what it means: of all that is pressed nothing is narrower or lower than a thumb. */
  async tappable(where: string, within: Locator = this.page.locator('body')): Promise<void> {
    await this.settled();
    expect(await within.evaluate(tooSmall, thumb), `${where} for fingers`).toEqual([]);
  }

  /** Holds the page as it stands against WCAG 2.2 AA, its colours in the dark as well, and on phones what is pressed. */
  async accessible(where: string): Promise<void> {
    await this.settled();
    if (!(await this.page.evaluate(() => 'axe' in globalThis))) await this.page.evaluate(axeSource);
    expect(await this.violations(standard), `${where} for everybody, at ${this.size}`).toEqual([]);
    if (this.phone) await this.tappable(where);
    const html = this.page.locator('html');
    if (seenInDark.size >= darkPlaces || seenInDark.has(where) || (await html.getAttribute('data-theme')) === 'dark')
      return;
    seenInDark.add(where);
    await this.page.emulateMedia({ colorScheme: 'dark' });
    await this.page.waitForFunction(() => document.documentElement.dataset.theme === 'dark');
    await this.settled();
    expect(await this.violations(ofColours), `${where} in the dark, at ${this.size}`).toEqual([]);
    await this.page.emulateMedia({ colorScheme: 'light' });
    await this.page.waitForFunction(() => document.documentElement.dataset.theme !== 'dark');
  }

  private violations(runOnly: RunOnly): Promise<string[]> {
    return this.page.evaluate(async (only) => {
      const { axe: engine } = globalThis as unknown as { axe: typeof axe };
      const { violations } = await engine.run(document, {
        runOnly: only,
        // Part of WCAG 2.2 AA, which the engine leaves out unless it is told.
        rules: only.type === 'tag' ? { 'target-size': { enabled: true } } : {},
        resultTypes: ['violations'],
      });
      return violations.flatMap((one) =>
        one.nodes.map((node) => `${one.id}: ${node.target.join(' ')} ${node.html.slice(0, 160)}`),
      );
    }, runOnly);
  }
}

const shared: { browser?: Browser; server?: Server } = {};

/** Begins a file of walks: the browser stays from file to file, the server is another one on the company as it was made. */
export async function beginFile(): Promise<void> {
  seenInDark.clear();
  shared.server = await start(inject('company'));
  if (!shared.browser?.isConnected()) shared.browser = await launch();
}

export async function endFile(): Promise<void> {
  await shared.server?.stop();
  shared.server = undefined;
}

/** A page of its own for somebody, closed when they have left it. */
export async function visit(size: Size, look: Look, walk: (walker: Walker) => Promise<void>): Promise<void> {
  const { browser, server } = shared;
  if (!browser || !server) throw new Error('no browser or no server');
  const context = await openContext(browser, server.address, size, look);
  try {
    await walk(new Walker(await context.newPage(), context, size, server.address));
  } finally {
    await context.close();
  }
}

interface Manner extends Look {
  at?: Size[];
}

/** A walk in each size, or in those named. A picture of where a failed one stood is in .tmp/journeys. */
export function journey(name: string, walk: (walker: Walker) => Promise<void>, manner: Manner = {}): void {
  const { at = ['desk', 'phone'], ...look } = manner;
  test.each(at)(`${name}, %s`, (size) =>
    visit(size, look, async (walker) => {
      try {
        await walk(walker);
        expect(walker.watch.surprises()).toEqual([]);
      } catch (error) {
        await picture(walker, name);
        throw error;
      }
    }),
  );
}

async function picture({ page, size }: Walker, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  const path = join(pictures, `${name.replace(/\W+/g, '-')}-${size}.png`);
  // Where the page is gone there is nothing to show; the fault itself is told.
  await page.screenshot({ path }).catch(() => undefined);
}
