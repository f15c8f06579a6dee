// What a widget asks, and the answer in the order and the words in which it is drawn.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type AggregateRow, aggregate, type Wire } from '../api';
import { registry } from '../form/fields/registry';
import {
  anyField,
  type FieldDef,
  type Form,
  formOf,
  money,
  rowFields,
  short,
  symbolOf,
  useLabel,
  useWorld,
  valuesOf,
  type Widget,
} from '../meta';
import { expressionOf, type Scope } from './scope';

export interface Key {
  raw: Wire;
  text: string;
}

export interface Point {
  keys: Key[];
  values: number[];
}

export interface Figures {
  points: Point[];
  /** How each metric reads: in full, or short for axes and cards. */
  write: (metric: number, value: number, brief?: boolean) => string;
  metrics: string[];
  /** What the groups are called. */
  groups: string[];
}

/** The definition behind a path such as amount, lines.product. */
export function defAt(form: Form, path: string | undefined): FieldDef | undefined {
  const [first = '', second] = (path ?? '').split('.');
  const field = anyField(form, first);
  if (!second || !field) return field?.definition;
  return rowFields(field.definition).find((column) => column.key === second)?.definition;
}

/** How many groups one axis shows, the first in their order; of two axes, or of stretches of time, none may be missing. */
const readable = 50;
const complete = 5000;

const mostOf = ({ kind, limit, group }: Widget) =>
  limit ?? (kind === 'ranking' ? podium : group?.length === 1 && !group[0]?.bucket ? readable : complete);

/** A ranking begins with the greatest, and shows ten. */
const podium = 10;
const orderOf = ({ kind, sort }: Widget) => sort ?? (kind === 'ranking' ? '-0' : undefined);

export function useFigures(widget: Widget, scope: Scope) {
  const { catalog } = useWorld();
  const form = formOf(catalog, widget.form) as Form;
  const most = mostOf(widget);
  const ask = (filter: string | undefined) => ({
    filter,
    table: widget.table,
    group: widget.group,
    // What they are called is for those who read them.
    metrics: widget.metrics?.map(({ label: _, ...metric }) => metric) ?? [{ op: 'count' as const }],
    sort: orderOf(widget),
    limit: widget.limit ?? most + 1,
  });
  const main = ask(expressionOf(form, widget, scope));
  const whole = widget.share ? ask(expressionOf(form, widget, scope, widget.share)) : undefined;
  const query = useQuery({
    queryKey: ['aggregate', widget.form, main, whole],
    queryFn: async ({ signal }) => {
      const [part, all] = await Promise.all([
        aggregate(widget.form, main, signal),
        whole && aggregate(widget.form, whole, signal),
      ]);
      return { rows: part.rows, whole: all?.rows };
    },
    staleTime: 30_000,
  });
  const words = useWords(form, widget);
  const figures = query.data && { ...words, points: pointsOf(query.data.rows.slice(0, most), words) };
  const more = Math.max(0, (query.data?.rows.length ?? 0) - most);
  return { query, form, figures, more, share: query.data?.whole && shareOf(query.data.rows, query.data.whole) };
}

const numberOf = (value: unknown) => (value === null || value === undefined ? 0 : Number(value));

/** A share as it is written, an em dash for none. */
export const percentText = (percent: number | undefined) =>
  percent === undefined ? '—' : `${Number(percent.toFixed(1))}%`;

export interface Share {
  part: number;
  whole: number;
  /** Undefined where the whole is nothing. */
  percent: number | undefined;
}

function shareOf(rows: AggregateRow[], all: AggregateRow[]): Share {
  const [part, whole] = [numberOf(rows[0]?.metrics[0]), numberOf(all[0]?.metrics[0])];
  return { part, whole, percent: whole === 0 ? undefined : (part / whole) * 100 };
}

interface Words {
  defs: (FieldDef | undefined)[];
  keyText: (group: number, raw: Wire) => string;
  write: Figures['write'];
  metrics: string[];
  groups: string[];
  sorted: boolean;
}

function useWords(form: Form, widget: Widget): Words {
  const { t, i18n } = useTranslation();
  const { catalog } = useWorld();
  const label = useLabel();
  const locale = i18n.language;
  const resolve = (path: string | undefined) => {
    const def = defAt(form, path);
    return def && valuesOf(catalog, form, def);
  };
  const defs = (widget.group ?? []).map((group) => resolve(group.field));
  const metrics = widget.metrics ?? [{ op: 'count' as const, field: undefined, label: undefined }];
  const kinds = metrics.map((metric) =>
    metric.op === 'count' || metric.op === 'distinct' ? undefined : resolve(metric.field),
  );
  return {
    defs,
    sorted: Boolean(orderOf(widget)),
    groups: defs.map((def) => label(def?.['x-label'])),
    keyText: (group, raw) => {
      if (raw === null || raw === undefined || raw === '') return t('chart.none');
      const def = defs[group];
      if (widget.group?.[group]?.bucket) return String(raw);
      const scalar =
        def && ['multiselect', 'tags', 'cascade'].includes(def['x-field'])
          ? { ...def, 'x-field': 'select' as const }
          : def;
      return (scalar && registry[scalar['x-field']].text(raw, scalar, locale)) || String(raw);
    },
    write: (metric, value, brief) => {
      const def = kinds[metric];
      if (def?.['x-field'] === 'currency') {
        return brief ? symbolOf(def['x-currency']) + short(value, locale) : money(value.toFixed(2), def['x-currency']);
      }
      if (def?.['x-field'] === 'percent') return `${Number(value.toFixed(1))}%`;
      return brief
        ? short(value, locale)
        : short(value, 'en').length < 4
          ? String(Number(value.toFixed(2)))
          : value.toLocaleString(locale);
    },
    metrics: metrics.map(
      (metric, index) => label(metric.label) || label(kinds[index]?.['x-label']) || label(form.label),
    ),
  };
}

function pointsOf(rows: AggregateRow[], words: Words): Point[] {
  const points = rows.map((row) => ({
    keys: row.keys.map((raw, group) => ({ raw, text: words.keyText(group, raw) })),
    values: row.metrics.map(numberOf),
  }));
  const options = words.defs[0]?.['x-options'];
  if (words.sorted || !options) return points;
  const place = new Map(options.map((option, index) => [option.value as Wire, index]));
  const at = (point: Point) => place.get(point.keys[0]?.raw) ?? options.length;
  return points.sort((a, b) => at(a) - at(b));
}
