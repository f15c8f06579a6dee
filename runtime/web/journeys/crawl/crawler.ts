// Presses everything that can be pressed on a page, once, and says what each did: it must change the page or the data,
// or say why not. What opens is gone through as well, again and again from the page's beginning where a press has led
// away. Nothing is typed; journeys do that.
import type { ElementHandle, Request } from 'playwright-core';
import type { Walker } from '../walk';
import { begin } from './beginning';
import { type Control, prepare, type Words } from './controls';

/** How long a press may take to show, ms: only one that does nothing is waited for so long. */
const patient = 10_000;
/** How deep what is opened by what was opened is followed. */
const depth = 4;
/** How often a page is begun anew, at most; one that never ends is a defect of the crawler. */
const most = 400;

export interface Pressed {
  page: string;
  name: string;
  /** What is wrong with it; undefined for nothing. */
  wrong?: string;
}

interface Surface {
  path: string[];
  keys: string[];
}

/** What a page adds to a crawl: the keys of what was pressed there first, and of what could not be pressed. */
export interface Progress {
  keys: string[];
  shut: [string, Pressed][];
}

export interface Manner {
  /** What names mean; none means anything unless said. */
  words?: Words;
  /** What a crawl before came to, which this one goes on with. */
  progress?: Progress;
  patience?: number;
  /** Signs in; called again where a press has signed out. */
  enter: () => Promise<unknown>;
}

export class Crawler {
  readonly pressed: Pressed[] = [];
  /** What led on to something once and could not be reached a second time, its record having gone. */
  readonly unreached: string[] = [];
  private readonly done = new Set<string>();
  private readonly shut = new Map<string, Pressed>();
  /** What was gone before it was pressed: it is tried once more. */
  private readonly vanished = new Set<string>();
  private readonly told = new Set<string>();
  private scope = '';
  private address = '';
  private effects = 0;
  private away = false;
  /** The language that pages are gone through in: in another one every name is another. */
  private language = '';
  private readonly patience: number;

  private constructor(
    private readonly walker: Walker,
    private readonly manner: Manner,
  ) {
    this.patience = manner.patience ?? patient;
  }

  static async of(walker: Walker, manner: Manner): Promise<Crawler> {
    const crawler = new Crawler(walker, manner);
    for (const key of manner.progress?.keys ?? []) crawler.done.add(key);
    for (const [key, one] of manner.progress?.shut ?? []) crawler.shut.set(key, one);
    crawler.taken();
    const { page } = walker;
    await prepare(page);
    const note = () => {
      crawler.effects++;
    };
    page.on('download', note);
    page.on('filechooser', note);
    page.on('popup', (opened) => {
      note();
      void opened.close();
    });
    page.on('request', (request) => crawler.heed(request));
    await page.exposeFunction('crawlPrinted', note);
    await page.addInitScript(() => {
      window.print = () => void (window as unknown as { crawlPrinted: () => void }).crawlPrinted();
    });
    return crawler;
  }

  /** Goes through a page. The scope, such as a form, tells apart what bears names of its own. */
  async crawl(address: string, scope = ''): Promise<void> {
    this.scope = scope;
    this.address = address;
    const surfaces: Surface[] = [{ path: [], keys: [''] }];
    let begun = 0;
    for (let surface = surfaces.shift(); surface; surface = surfaces.shift()) {
      if (surface.keys.every((key) => this.done.has(key))) continue;
      while (begun++ < most && (await this.reach(surface.path))) {
        if (!(await this.go(surface, surfaces))) break;
      }
      if (begun > most) throw new Error(`${address} has no end`);
    }
  }

  /** What was added since this was asked the last time. */
  taken(): Progress {
    const keys = [...this.done].filter((key) => !this.told.has(`+${key}`));
    const shut = [...this.shut].filter(([key]) => !this.told.has(`-${key}`));
    for (const key of keys) this.told.add(`+${key}`);
    for (const [key] of shut) this.told.add(`-${key}`);
    return { keys, shut };
  }

  /** What could never be pressed, and does not say why. */
  unexplained(): Pressed[] {
    return [...this.shut].filter(([key]) => !this.done.has(key)).map(([, one]) => one);
  }

  /** Presses what is there and was not pressed yet, until there is nothing any more; false where there was nothing. */
  private async go(surface: Surface, surfaces: Surface[]): Promise<boolean> {
    const { page } = this.walker;
    let any = false;
    for (;;) {
      const before = await this.controls();
      const next = this.choose(before);
      if (!next) return any;
      any = true;
      await this.press(next);
      if (this.away || new URL(page.url()).pathname !== new URL(this.address, this.walker.address).pathname)
        return true;
      if (await this.isForeign()) return true;
      const known = new Set(before.map((one) => one.key));
      const fresh = (await this.controls()).filter((one) => !known.has(one.key) && !one.passing && !one.disabled);
      const keys = fresh.map((one) => this.own(one)).filter((key) => !this.done.has(key));
      if (keys.length && surface.path.length < depth) surfaces.push({ path: [...surface.path, next.key], keys });
    }
  }

  private own = (one: Control) => `${one.own ? this.scope : ''} ${one.key}`;

  private async isForeign(): Promise<boolean> {
    const now = (await this.walker.page.locator('html').getAttribute('lang')) ?? '';
    this.language ||= now;
    return now !== this.language;
  }

  /** What is next: words that vanish, then what opens or changes, then what takes away. */
  private choose(all: Control[]): Control | undefined {
    for (const one of all) {
      if (one.disabled && !one.why && !this.shut.has(this.own(one)))
        this.shut.set(this.own(one), {
          page: this.address,
          name: `${one.role} ${one.name}`,
          wrong: 'is never enabled, and does not say why',
        });
    }
    const open = all.filter((one) => !one.disabled && !this.done.has(this.own(one)));
    return (
      open.find((one) => one.passing) ??
      open.find((one) => !one.danger && !one.chosen) ??
      open.find((one) => !one.danger) ??
      open[0]
    );
  }

  private controls(): Promise<Control[]> {
    return this.walker.page.evaluate((words) => window.crawl.list(words), this.manner.words ?? { alike: [], own: [] });
  }

  /** Opens the page as it begins, and presses what leads on from there; from the app's beginning where that fails. */
  private async reach(path: string[]): Promise<boolean> {
    if ((await this.attempt(path, false)) || (path.length > 0 && (await this.attempt(path, true)))) return true;
    this.unreached.push(`${this.address}: ${path.at(-1)}`);
    return false;
  }

  private async attempt(path: string[], again: boolean): Promise<boolean> {
    const { page, watch } = this.walker;
    const anew = again || this.away || !this.language || (await this.isForeign());
    if (this.away) await this.manner.enter();
    this.away = false;
    await begin(this.walker, this.address, anew);
    await this.isForeign();
    const row = page.locator('[data-at="0:0"]').first();
    if (await row.count()) await row.hover();
    for (const key of path) {
      const step = (await this.controls()).find((one) => one.key === key && !one.disabled);
      if (!step) return false;
      const target = await this.handle(step);
      await target.click({ timeout: this.patience });
      await this.walker.settled();
    }
    this.tell('opens', watch.take());
    return true;
  }

  /** Notes what went wrong where nobody has pressed anything. */
  private tell(name: string, faults: string[]): void {
    // Whoever has signed out is asked who they are.
    const wrong = faults.filter((fault) => !fault.startsWith('401 GET')).join('; ');
    if (wrong) this.pressed.push({ page: this.address, name, wrong });
  }

  private async handle(one: Control): Promise<ElementHandle<Element>> {
    const handle = await this.walker.page.evaluateHandle((at) => window.crawl.at(at), one.at);
    const element = handle.asElement() as ElementHandle<Element> | null;
    if (!element) throw new Error(`${one.name} is gone`);
    return element;
  }

  private async press(one: Control): Promise<void> {
    const { page, watch } = this.walker;
    const told: Pressed = {
      page: this.address + (page.url().split('?')[1] ? '?…' : ''),
      name: `${one.role} ${one.name}`,
    };
    const target = await this.handle(one);
    this.done.add(this.own(one));
    this.tell('by itself', watch.take());
    await page.evaluate((at) => {
      window.crawl.shut(at);
      window.crawl.remember();
    }, one.at);
    const before = this.effects;
    const stuck = await this.hit(one, target);
    // Words that vanish may have vanished before the pointer was there, and what comes late may stand before it.
    if (stuck && (one.passing || (!(await this.isThere(one)) && !this.vanished.has(this.own(one))))) {
      if (!one.passing) this.done.delete(this.own(one));
      this.vanished.add(this.own(one));
      return;
    }
    if (stuck) told.wrong = stuck;
    else {
      const did = one.chosen || one.passing || (await this.changed(before));
      await this.walker.settled();
      told.wrong = await this.judge(did);
    }
    this.pressed.push(told);
  }

  private async isThere(one: Control): Promise<boolean> {
    return (await this.controls()).some(({ key }) => key === one.key);
  }

  /** Presses it, and answers why it could not: where something that was opened stands over it, that is shut first. */
  private async hit(one: Control, target: ElementHandle<Element>): Promise<string> {
    const { page } = this.walker;
    const act = () => this.act(one, target).then(() => '', reasonOf);
    const stuck = await act();
    if (!stuck.includes('intercepts')) return stuck;
    await page.keyboard.press('Escape');
    await page.evaluate(() => window.crawl.remember());
    return act();
  }

  private act(one: Control, target: ElementHandle<Element>): Promise<void> {
    if (one.role === 'select') return choose(target, this.patience);
    return one.aside ? target.press('Enter', { timeout: this.patience }) : target.click({ timeout: this.patience });
  }

  private async changed(before: number): Promise<boolean> {
    const { page } = this.walker;
    const until = page.waitForFunction(() => window.crawl.changed(), undefined, {
      timeout: this.patience,
      polling: 40,
    });
    const shown = until.then(
      () => true,
      // A page that was left is another one.
      (error: Error) => !/Timeout/.test(error.message),
    );
    if (this.effects > before) return true;
    return (await shown) || this.effects > before;
  }

  private async judge(did: boolean): Promise<string | undefined> {
    const { page, watch } = this.walker;
    const faults = watch.take();
    const told = await page.evaluate(() => window.crawl.told());
    const worst = faults.filter((fault) => !/^4\d\d /.test(fault) || !(told || this.away));
    if (worst.length) return worst.join('; ');
    return did ? undefined : 'does nothing, and does not say why';
  }

  private heed(request: Request): void {
    const { pathname } = new URL(request.url());
    if (pathname.endsWith('/auth/logout')) this.away = true;
    if (request.method() !== 'GET' && !/\/(evaluate|aggregate|duplicates|look)$/.test(pathname)) this.effects++;
  }
}

/** Chooses in a list what is not chosen yet. */
async function choose(target: ElementHandle<Element>, timeout: number): Promise<void> {
  const other = await target.evaluate((node) => {
    const { options, selectedIndex } = node as HTMLSelectElement;
    return [...options].findIndex((one, index) => index !== selectedIndex && !one.disabled);
  });
  if (other >= 0) await target.selectOption({ index: other }, { timeout });
}

/** Why something could not be pressed, in the driver's own words. */
function reasonOf(error: Error): string {
  const lines = error.message.split('\n').map((line) => line.trim());
  return `cannot be pressed: ${lines.find((line) => /intercepts|not visible|outside|detached|not stable/.test(line)) ?? lines[0]}`;
}
