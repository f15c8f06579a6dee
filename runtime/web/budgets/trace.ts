// What a browser's main thread did, frame by frame, from its own trace.
import type { CDPSession, Page } from 'playwright-core';

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** Microseconds: when, how long by the clock, how long on the processor. */
  ts: number;
  dur?: number;
  tdur?: number;
  args?: { name?: string };
}

export interface Work {
  /** Milliseconds on the processor for each frame in which there was any work. */
  frames: number[];
  /** The longest single task, ms on the processor. */
  longest: number;
}

const task = 'ThreadControllerImpl::RunTask';
/** What the main thread does once for each frame, after scripts and styles. */
const frame = 'PrePaint';

/** Traces the main thread of a page while something is done with it. */
export async function traced(page: Page, act: () => Promise<unknown>): Promise<Work> {
  const session = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', 'devtools.timeline', '__metadata'] },
  });
  await act();
  await ended(session);
  return workOf(events);
}

async function ended(session: CDPSession): Promise<void> {
  const complete = new Promise<void>((resolve) => session.once('Tracing.tracingComplete', () => resolve()));
  await session.send('Tracing.end');
  await complete;
}

function workOf(events: TraceEvent[]): Work {
  const mains = new Set(
    events.filter((one) => one.name === 'thread_name' && one.args?.name === 'CrRendererMain').map(key),
  );
  const own = events.filter((one) => mains.has(key(one)));
  // A browser may keep a spare renderer: the page's is the one that drew.
  const drew = [...mains].sort((a, b) => framesOf(own, b).length - framesOf(own, a).length)[0];
  if (drew === undefined) throw new Error('the trace has no main thread');
  const begins = framesOf(own, drew);
  const tasks = own.filter((one) => key(one) === drew && one.ph === 'X' && one.name === task);
  if (!begins.length || !tasks.length) throw new Error('the trace has no frames or no tasks');
  const spent = new Map<number, number>();
  for (const { ts, tdur = 0 } of tasks) {
    const at = begins.findLastIndex((begin) => begin <= ts);
    spent.set(at, (spent.get(at) ?? 0) + tdur / 1000);
  }
  return { frames: [...spent.values()], longest: Math.max(...tasks.map(({ tdur = 0 }) => tdur / 1000)) };
}

const key = ({ pid, tid }: TraceEvent) => `${pid}:${tid}`;
const framesOf = (events: TraceEvent[], thread: string) =>
  events
    .filter((one) => key(one) === thread && one.name === frame)
    .map(({ ts }) => ts)
    .sort((a, b) => a - b);
