// The values of a document as people read and write them. A condition is a value, a list of values, or an object of
// bounds: from, above, below, to, or empty.
import type { Maintained, ProblemLine } from '../api';
import { type Catalog, fieldOf, formOf, type Label, optionOf } from '../meta';

export type Input = NonNullable<Maintained['inputs']>[number];
export type Value = unknown;

const bounds = { from: '≥', above: '>', below: '<', to: '≤' } as const;
export type Bound = keyof typeof bounds;
const boundKeys = Object.keys(bounds) as Bound[];

const isBounds = (value: Value): value is Partial<Record<Bound, Value>> & { empty?: boolean } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

interface Reader {
  catalog: Catalog;
  label: (of: Label | undefined) => string;
  yes: string;
  no: string;
  empty: string;
}

/** A value by its option's name, where it is one of a field's options. */
export function textOf(value: Value, of: string | undefined, { catalog, label, yes, no }: Reader): string {
  const [form = '', field = ''] = of?.split('.') ?? [];
  const home = of ? formOf(catalog, form) : undefined;
  const option = home && optionOf(fieldOf(home, field)?.definition['x-options'], value);
  if (option) return label(option.label);
  if (typeof value === 'boolean') return value ? yes : no;
  return value === null || value === undefined ? '' : String(value);
}

/** A condition in a line: "甲、乙", "≥ 1 < 5". */
export function conditionText(value: Value, of: string | undefined, reader: Reader): string {
  if (Array.isArray(value)) return value.map((one) => textOf(one, of, reader)).join('、');
  if (!isBounds(value)) return textOf(value, of, reader);
  if (value.empty) return reader.empty;
  return boundKeys
    .filter((bound) => value[bound] !== undefined)
    .map((bound) => `${bounds[bound]} ${textOf(value[bound], of, reader)}`)
    .join(' ');
}

/** The parts of a value that are typed, each with the sign before it; none for what is no number, text or switch. */
export function partsOf(value: Value): { bound?: Bound; sign: string; value: Value }[] {
  if (Array.isArray(value)) return [];
  if (!isBounds(value)) return [{ sign: '', value }];
  return boundKeys
    .filter((bound) => value[bound] !== undefined)
    .map((bound) => ({ bound, sign: bounds[bound], value: value[bound] }));
}

export const withPart = (value: Value, bound: Bound | undefined, part: Value): Value =>
  bound && isBounds(value) ? { ...value, [bound]: part } : part;

/**
 * What was typed in place of a value: of the same kind as it was; undefined where it is none, also a number with more
 * digits than are kept.
 */
export function readPart(typed: string, was: Value): Value {
  const text = typed.normalize('NFKC').trim();
  if (typeof was !== 'number') return text === '' ? undefined : text;
  const [, sign = '', whole = '', fraction = ''] = /^(-?)0*(\d+)(?:\.(\d*?)0*)?$/.exec(text) ?? [];
  const number = Number(text);
  const isExact = /\d$/.test(text) && String(number) === sign + whole + (fraction && `.${fraction}`);
  return isExact ? number : undefined;
}

/** The place in the document: of a pool's number its name, of a table's value its row and column. */
export function placeOf(path: string): { row?: number; part?: 'when' | 'then'; key: string; keys: string[] } {
  const keys = path
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const [rows, row, part, key] = keys;
  if (rows === 'rows' && key !== undefined && (part === 'when' || part === 'then')) {
    return { row: Number(row), part, key, keys };
  }
  return { key: keys.join('.'), keys };
}

/** Problems that say the same of the same place, together: as many documents as follow one table have them. */
export function alike(lines: ProblemLine[]): [ProblemLine, ...ProblemLine[]][] {
  const found = new Map<string, [ProblemLine, ...ProblemLine[]]>();
  for (const line of lines) {
    const id = JSON.stringify([line.path, line.message]);
    const others = found.get(id);
    if (others) others.push(line);
    else found.set(id, [line]);
  }
  return [...found.values()];
}

const homes: Record<string, string> = { tables: 'table', pools: 'pool' };

/** The document that a file has: "pools/east.json" is the pool "east". */
export function documentOf(file: string | undefined): { kind: string; key: string } | undefined {
  const [, folder = '', key] = /^([a-z]+)\/([^/]+)\.json$/.exec(file ?? '') ?? [];
  const kind = homes[folder];
  return kind && key ? { kind, key } : undefined;
}
