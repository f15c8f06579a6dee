// The shades that follow from one accent, for light and for dark pages, each readable where it is used.

/** What the tokens of the same names are set to (tokens.css). */
export interface Shades {
  accent: string;
  'accent-soft': string;
  'accent-text': string;
  'on-accent': string;
  selected: string;
}

type Colour = [number, number, number];

const read = (hex: string): Colour => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as Colour;
const write = (colour: Colour) => `#${colour.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;

/** A colour with so much of another in it, 0 to 1. */
export function mix(hex: string, into: string, share: number): string {
  const [from, to] = [read(hex), read(into)];
  return write(from.map((part, at) => part + ((to[at] as number) - part) * share) as Colour);
}

function luminance(hex: string): number {
  const [red, green, blue] = read(hex).map((part) => {
    const of = part / 255;
    return of <= 0.04045 ? of / 12.92 : ((of + 0.055) / 1.055) ** 2.4;
  }) as Colour;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The contrast ratio of WCAG 2.2, 1 to 21. */
export function contrast(one: string, other: string): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const readable = 4.5;

/** The nearest to a colour, on its way to another, that can be read beside each of these. */
function readableFrom(hex: string, towards: string, beside: string[]): string {
  for (let share = 0; share < 1; share += 0.04) {
    const shade = mix(hex, towards, share);
    if (beside.every((ground) => contrast(shade, ground) >= readable)) return shade;
  }
  return towards;
}

const white = '#ffffff';
const black = '#000000';
/** The grounds of dark pages, and what stands on a bright accent there; as in tokens.css. */
const night = '#12151b';
const nightRaised = '#222833';
const ink = '#0d1220';

export function shadesOf(accent: string, dark: boolean): Shades {
  if (dark) {
    const soft = mix(accent, night, 0.62);
    return {
      accent: readableFrom(accent, white, [night, nightRaised, ink]),
      'accent-soft': soft,
      'accent-text': readableFrom(accent, white, [soft, night, nightRaised]),
      'on-accent': ink,
      selected: mix(accent, night, 0.78),
    };
  }
  const soft = mix(accent, white, 0.84);
  return {
    accent,
    'accent-soft': soft,
    'accent-text': readableFrom(accent, black, [soft, white]),
    'on-accent': white,
    selected: mix(accent, white, 0.92),
  };
}
