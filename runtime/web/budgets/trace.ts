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

export const parts = ['script', 'style', 'layout', 'paint', 'other'] as const;
export type Part = (typeof parts)[number];

export interface Work {
  /** Milliseconds on the processor for each frame in which there was any work. */
  frames: number[];
  /** What that went into, ms over all frames. */
  spent: Record<Part, number>;
  /** The longest single task, ms on the processor. */
  longest: number;
}

/** What several traces of the same come to. */
export function joined(works: Work[]): Work {
  return {
    frames: works.flatMap(({ frames }) => frames),
    spent: tally((part) => works.reduce((sum, { spent }) => sum + spent[part], 0)),
    longest: Math.max(...works.map(({ longest }) => longest)),
  };
}

const tally = (of: (part: Part) => number) =>
  Object.fromEntries(parts.map((part) => [part, of(part)])) as Record<Part, number>;

/** What the browser's own names of its work stand for; what it has no name for here is part of what it stands in. */
const named: [Part, RegExp][] = [
  ['style', /^(UpdateLayoutTree|ScheduleStyleRecalculation|ParseAuthorStyleSheet|StyleRecalcInvalidationTracking)$/],
  ['layout', /^(Layout|InvalidateLayout|IntersectionObserverController::computeIntersections)$/],
  ['paint', /^(PrePaint|Paint|PaintImage|Layerize|Commit|UpdateLayer|CompositeLayers|Decode Image)$/],
  [
    'script',
    /^(FunctionCall|EvaluateScript|EventDispatch|FireAnimationFrame|RunMicrotasks|TimerFire|MinorGC|MajorGC|V8\.GC.*|v8\..*)$/,
  ],
];
const partOf = (name: string): Part | undefined => named.find(([, pattern]) => pattern.test(name))?.[0];

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
  return {
    frames: [...spent.values()],
    spent: divided(own.filter((one) => key(one) === drew)),
    longest: Math.max(...tasks.map(({ tdur = 0 }) => tdur / 1000)),
  };
}

/** What the tasks of a thread went into: each event's own time, without that of those within it. */
function divided(events: TraceEvent[]): Record<Part, number> {
  const spent = tally(() => 0);
  const open: { end: number; part: Part }[] = [];
  const inOrder = events.filter(({ ph }) => ph === 'X').sort((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0));
  for (const { name, ts, dur = 0, tdur = 0 } of inOrder) {
    while (open.length && (open.at(-1)?.end ?? 0) <= ts) open.pop();
    const outer = open.at(-1);
    if (!outer && name !== task) continue;
    const part = partOf(name) ?? outer?.part ?? 'other';
    spent[part] += tdur / 1000;
    if (outer) spent[outer.part] -= tdur / 1000;
    open.push({ end: ts + dur, part });
  }
  return spent;
}

const key = ({ pid, tid }: TraceEvent) => `${pid}:${tid}`;
const framesOf = (events: TraceEvent[], thread: string) =>
  events
    .filter((one) => key(one) === thread && one.name === frame)
    .map(({ ts }) => ts)
    .sort((a, b) => a - b);
