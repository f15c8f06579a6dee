// Notes what goes wrong on a page while somebody walks through it: errors in the console, requests that fail. A walk
// that makes something fail on purpose says so beforehand, and is held to it. It also knows what is under way.
import type { Page, Request, Response } from 'playwright-core';

export class Watch {
  private readonly faults: string[] = [];
  private readonly excused: { pattern: RegExp; seen: number }[] = [];
  private readonly open = new Set<Request>();
  private waiting: (() => void)[] = [];

  constructor(private readonly page: Page) {
    page.on('pageerror', (error) => this.note(`error: ${error.message}`));
    page.on('console', (line) => {
      // What the browser says of a failed request is noted from the request itself.
      if (line.type() === 'error' && !line.text().startsWith('Failed to load resource')) {
        this.note(`console: ${line.text()}`);
      }
    });
    page.on('request', (request) => {
      // A stream of events stays open for as long as the page is.
      if (request.resourceType() !== 'eventsource') this.open.add(request);
    });
    page.on('response', (answer: Response) => {
      if (answer.status() >= 400) this.note(`${answer.status()} ${nameOf(answer.request())}`);
    });
    page.on('requestfinished', (request) => this.end(request));
    page.on('requestfailed', (request) => {
      this.end(request);
      const why = request.failure()?.errorText ?? '';
      // Asking anew while typing gives up the question before, and so does leaving a page.
      if (!why.includes('ERR_ABORTED')) this.note(`${why} ${nameOf(request)}`);
    });
  }

  /** Says that a fault like this belongs to the walk. One that then does not come fails the walk too. */
  expect(pattern: RegExp): void {
    this.excused.push({ pattern, seen: 0 });
  }

  /** What nobody expected up to now; it is then no longer noted. */
  take(): string[] {
    return this.faults.splice(0);
  }

  /** Waits until every question is answered and what came of it is painted. */
  async settled(): Promise<void> {
    do {
      if (this.open.size) await new Promise<void>((resolve) => this.waiting.push(resolve));
      await this.page.evaluate(
        () => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))),
      );
    } while (this.open.size);
  }

  /** What nobody expected, and what was expected and did not come. */
  surprises(): string[] {
    const missed = this.excused
      .filter(({ seen }) => seen === 0)
      .map(({ pattern }) => `expected, but not seen: ${pattern}`);
    return [...this.faults, ...missed];
  }

  private end(request: Request): void {
    this.open.delete(request);
    if (this.open.size) return;
    const waiting = this.waiting;
    this.waiting = [];
    for (const go of waiting) go();
  }

  private note(fault: string): void {
    const excuse = this.excused.find(({ pattern }) => pattern.test(fault));
    if (excuse) excuse.seen++;
    else this.faults.push(fault);
  }
}

const nameOf = (request: Request) => `${request.method()} ${new URL(request.url()).pathname}`;
