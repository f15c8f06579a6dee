// What a crawl found, page by page, in .tmp/crawl: written as it goes, so that one that was broken off, or that found
// something to mend, goes on where it was. Once all its rounds have gone well, the next one begins anew.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pressed, Progress } from './crawler';

const folder = join(import.meta.dirname, '..', '..', '..', '..', '.tmp', 'crawl');

export interface PageReport extends Progress {
  /** Whose round it was. */
  round: string;
  /** The page as it is called, without the ids of the records of one company. */
  place: string;
  /** It was gone through to its end; one that was not is gone on with. */
  whole: boolean;
  seconds: number;
  pressed: Pressed[];
}

interface Kept {
  /** The rounds that went well from end to end. */
  ended: string[];
  pages: PageReport[];
}

const isClean = ({ pressed }: PageReport) => pressed.every(({ wrong }) => !wrong);

export class Report {
  private constructor(
    private readonly path: string,
    private ended: string[],
    private pages: PageReport[],
  ) {}

  /** The report of a crawl of that name that consists of these rounds. */
  static of(name: string, rounds: readonly string[]): Report {
    mkdirSync(folder, { recursive: true });
    const path = join(folder, `${name}.json`);
    const { ended, pages } = read(path);
    const isOver = rounds.every((round) => ended.includes(round));
    return isOver ? new Report(path, [], []) : new Report(path, ended, pages.filter(isClean));
  }

  has(round: string, place: string): boolean {
    return this.pages.some((page) => page.whole && page.round === round && page.place === place);
  }

  /** What all rounds came to: what somebody has pressed is not pressed again by the next. */
  progress(): Progress {
    return { keys: this.pages.flatMap(({ keys }) => keys), shut: this.pages.flatMap(({ shut }) => shut) };
  }

  add(page: PageReport): void {
    this.pages.push(page);
    this.write();
  }

  /** Every page of a round was gone through; those named have controls that nobody could press. */
  end(round: string, places: string[]): void {
    this.pages = this.pages.filter((page) => page.round !== round || !places.includes(page.place));
    const isWell = places.length === 0 && this.pages.every((page) => page.round !== round || isClean(page));
    this.ended = [...this.ended.filter((one) => one !== round), ...(isWell ? [round] : [])];
    this.write();
  }

  private write(): void {
    const kept: Kept = { ended: this.ended, pages: this.pages };
    writeFileSync(this.path, JSON.stringify(kept, null, 1));
  }
}

function read(path: string): Kept {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Kept;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return { ended: [], pages: [] };
  }
}
