// People in a text: who is named by an @, and where.
import type { Ref } from '../api';

export interface Piece {
  text: string;
  /** Who is named by it. */
  person?: Ref;
}

const nameOf = (person: Ref) => person.title ?? '';

/** mentioned are those of the people whose name stands in a text behind an @. */
export const mentioned = (text: string, people: Ref[]): Ref[] =>
  people.filter(
    (person, n) => text.includes(`@${nameOf(person)}`) && people.findIndex((other) => other.id === person.id) === n,
  );

/** pieces takes a text apart where people are named; of two names that begin alike the longer one counts. */
export function pieces(text: string, people: Ref[]): Piece[] {
  const names = people.filter(nameOf).sort((a, b) => nameOf(b).length - nameOf(a).length);
  const out: Piece[] = [];
  let plain = '';
  for (let at = 0; at < text.length; ) {
    const person = text[at] === '@' ? names.find((one) => text.startsWith(nameOf(one), at + 1)) : undefined;
    if (!person) {
      plain += text[at++];
      continue;
    }
    if (plain) out.push({ text: plain });
    out.push({ text: `@${nameOf(person)}`, person });
    plain = '';
    at += nameOf(person).length + 1;
  }
  return plain ? [...out, { text: plain }] : out;
}
