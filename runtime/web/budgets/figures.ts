// Figures and how they are told: each budget prints what was asked and what was seen.
import { expect } from 'vitest';

/** The value that so much of the samples (0 to 1) do not exceed. */
export function quantile(samples: number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1);
  const found = sorted[Math.max(0, at)];
  if (found === undefined) throw new Error('no samples');
  return found;
}

export const median = (samples: number[]) => quantile(samples, 0.5);

export interface Budget {
  name: string;
  seen: number;
  most: number;
  unit?: string;
  /** What the figure came from, for the reader. */
  from: string;
}

/** Prints the figure and holds it to its budget. */
export function hold({ name, seen, most, unit = '', from }: Budget): void {
  say(`${seen <= most ? 'held' : 'OVER'}  ${name}: ${round(seen)}${unit} of ${most}${unit} (${from})`);
  // The others are measured all the same.
  expect.soft(seen, name).toBeLessThanOrEqual(most);
}

export const say = (line: string) => void process.stdout.write(`${line}\n`);

export const round = (n: number) => (Math.abs(n) >= 100 ? n.toFixed(0) : n.toFixed(2));
export const ms = (n: number) => `${n.toFixed(0)} ms`;
export const spread = (samples: number[]) =>
  `${ms(median(samples))} [${ms(Math.min(...samples))}–${ms(Math.max(...samples))}]`;
