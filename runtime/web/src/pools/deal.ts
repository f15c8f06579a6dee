// What a hand-out asks of the server, from what somebody has chosen.
import type { Deal, Ref } from '../api';

export type Mode = NonNullable<Deal['mode']>;

/** Somebody to hand out to, with what was typed beside them. */
export interface Person extends Ref {
  weight: string;
  most: string;
}

/** A count as far as it is one. */
export const digits = (text: string) => text.replace(/\D/g, '').slice(0, 5);

/** The question, or nothing while nobody is chosen. */
export function dealOf(rule: string, mode: Mode, people: Person[], take: string): Deal | undefined {
  if (rule) return { distribution: rule };
  if (!people.length) return undefined;
  return {
    mode,
    ...(Number(take) ? { take: Number(take) } : {}),
    people: people.map(({ id, weight, most }) => ({
      user: id,
      ...(mode === 'weighted' ? { weight: Number(weight) || 1 } : {}),
      ...(Number(most) ? { most: Number(most) } : {}),
    })),
  };
}
