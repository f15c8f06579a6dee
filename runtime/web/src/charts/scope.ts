// What a page narrows its widgets to: a period, and what was chosen in its filters.
import {
  anyField,
  type Catalog,
  type Condition,
  type Dashboard,
  type DashboardFilter,
  type FieldDef,
  type Form,
  formOf,
  me,
  valuesOf,
  type Widget,
} from '../meta';
import { isPeriod, type Period, stretchBefore, stretchOf } from './period';

/** A value of a select or a boolean, "@me", or what a reference names. */
export type Choice = string | boolean | { id: string; title?: string };

export interface Scope {
  period: Period;
  /** The stretch of time before the period instead of it. */
  before?: boolean;
  filters: DashboardFilter[];
  /** By filter; none is no condition. */
  chosen: Record<string, Choice[]>;
}

const isChoice = (value: unknown): value is Choice =>
  (typeof value === 'string' && value !== '') ||
  typeof value === 'boolean' ||
  (typeof value === 'object' && value !== null && typeof (value as { id?: unknown }).id === 'string');

/** The scope that an address states; what is no choice of the page is left out. */
export function scopeOf(dashboard: Dashboard, search: { period?: string; where?: string }): Scope {
  const filters = dashboard.filters ?? [];
  const stated = parsed(search.where);
  const chosen = filters.flatMap(({ key }) => {
    const values = stated[key];
    const kept = Array.isArray(values) ? values.filter(isChoice) : [];
    return kept.length ? [[key, kept] as const] : [];
  });
  return {
    period: isPeriod(search.period) ? search.period : (dashboard.period?.default ?? 'all'),
    filters,
    chosen: Object.fromEntries(chosen),
  };
}

function parsed(text: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** What the address says once a filter has these values; undefined where nothing is chosen any more. */
export function writtenWith({ chosen }: Scope, key: string, values: Choice[]): string | undefined {
  const next = { ...chosen, [key]: values };
  const kept = Object.entries(next).filter(([, some]) => some.length);
  return kept.length ? JSON.stringify(Object.fromEntries(kept)) : undefined;
}

/** The definition by which a filter's values are picked: all of them, whatever a form would offer at this moment. */
export function definitionOf(catalog: Catalog, filter: DashboardFilter): FieldDef | undefined {
  for (const [key, field] of Object.entries(filter.fields)) {
    const form = formOf(catalog, key);
    const found = form && anyField(form, field);
    if (form && found) return { ...valuesOf(catalog, form, found.definition), 'x-filter': undefined };
  }
}

/** The conditions of the page that a widget over this form obeys, as a list has them. */
export function conditionsFor({ filters, chosen }: Scope, form: string): Condition[] {
  return filters.flatMap(({ key, fields }): Condition[] => {
    const field = fields[form];
    const values = chosen[key];
    if (!field || !values) return [];
    // Both of yes and no are no condition.
    if (typeof values[0] === 'boolean') return values.length === 1 ? [{ field, op: 'eq', value: values[0] }] : [];
    return [{ field, op: 'in', value: values }];
  });
}

/** The filters in use that a widget does not obey, or what it is measured by does not. */
export const ignoredBy = ({ filters, chosen }: Scope, { form, target }: Widget): DashboardFilter[] =>
  filters.filter(({ key, fields }) => chosen[key] && !(fields[form] && fields[target?.form ?? form]));

const isInstant = (form: Form, key: string) => anyField(form, key)?.definition['x-field'] === 'datetime';

/** The widget's condition and those of the page as one expression. */
export function expressionOf(form: Form, widget: Widget, scope: Scope, of = widget.filter): string | undefined {
  const parts = of ? [`(${of})`] : [];
  const stretch = widget.date ? (scope.before ? stretchBefore : stretchOf)(scope.period) : undefined;
  if (stretch && widget.date) {
    const day = isInstant(form, widget.date) ? `date(${widget.date})` : widget.date;
    parts.push(`${day} >= date("${stretch[0]}")`, `${day} < date("${stretch[1]}")`);
  }
  for (const { field, op, value } of conditionsFor(scope, form.key)) {
    parts.push(op === 'eq' ? `${field} == ${value}` : `${field} in [${(value as Choice[]).map(written).join(', ')}]`);
  }
  return parts.length ? parts.join(' and ') : undefined;
}

function written(value: Choice): string {
  if (value === me) return 'actor.id';
  return JSON.stringify(typeof value === 'object' ? value.id : value);
}
