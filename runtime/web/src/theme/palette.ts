// Colours of options, by the names that metadata uses. Each is a pair for light and one for dark pages, and each
// text on its ground keeps a contrast of at least 4.5 : 1.
const names = [
  'gray',
  'grey',
  'blue',
  'green',
  'red',
  'orange',
  'gold',
  'purple',
  'cyan',
  'magenta',
  'yellow',
  'teal',
  'pink',
  'lime',
  'volcano',
  'geekblue',
];
const alias: Record<string, string> = {
  grey: 'gray',
  yellow: 'gold',
  teal: 'cyan',
  pink: 'magenta',
  lime: 'green',
  volcano: 'orange',
  geekblue: 'blue',
  indigo: 'purple',
};

/** The class that colours an option's chip and dot. */
export function toneOf(color: string | undefined): string {
  const name = names.includes(color ?? '') ? (color as string) : 'gray';
  return `tone-${alias[name] ?? name}`;
}

const hues = ['#3257d5', '#8c2f6b', '#96602d', '#2f7d5b', '#6b4fb3', '#a33f3f', '#2b6f8f', '#7a6a1f'];

/** A colour for a person's badge that stays theirs. */
export function hueOf(id: string): string {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.charCodeAt(0)) % 9973;
  return hues[sum % hues.length] as string;
}
