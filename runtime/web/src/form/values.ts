// Putting together what the server says, what was typed, and what the server makes of it.
import type { ProblemAt, Values, Wire } from '../api';
import { type Field, type Form, rowFields } from '../meta';
import { type Row, rowsOf, rowsToSend, standing } from './fields/rows';
import { isEmpty } from './fields/ui';

const isTable = (field: Field) => field.definition['x-field'] === 'table';

/** The changes as they are sent: what is empty is null, rows lose the browser's own keys. */
export function changesToSend(form: Form, changes: Values): Values {
  const out: Values = {};
  for (const field of form.fields) {
    if (!(field.key in changes)) continue;
    const value = changes[field.key];
    out[field.key] = isTable(field) ? rowsToSend(value) : isEmpty(value) ? null : value;
  }
  return out;
}

/**
 * What the page shows: typed values first, then what rules have worked out for the values that they were asked
 * about, then what is saved.
 */
export function shownValues(
  form: Form,
  saved: Values,
  changes: Values,
  evaluated: Values | undefined,
  asked: Values = changes,
): Values {
  const shown: Values = {};
  for (const field of form.fields) {
    const { key } = field;
    // What was typed when the rules were asked, and is no longer, is not theirs.
    const isTheirs = evaluated && !(key in asked && !(key in changes));
    const ruled = isTheirs ? (key in evaluated || field.computed ? evaluated[key] : saved[key]) : saved[key];
    if (!(key in changes)) shown[key] = ruled;
    else shown[key] = isTable(field) ? withComputed(field, rowsOf(changes[key]), rowsOf(ruled)) : changes[key];
  }
  return shown;
}

/** What is shown of a form, as it is to be read once it is saved: without rows that are taken out or blank. */
export function readAs(form: Form, shown: Values): Values {
  const tables = form.fields.filter(isTable).filter(({ key }) => Array.isArray(shown[key]));
  return {
    ...shown,
    ...Object.fromEntries(tables.map(({ key }) => [key, standing(rowsOf(rowsToSend(shown[key] ?? null)))])),
  };
}

/** Typed rows with the cells that the server works out; new rows are matched by their place. */
function withComputed(field: Field, typed: Row[], ruled: Row[]): Row[] {
  const byId = new Map(ruled.filter((row) => row.id).map((row) => [row.id, row]));
  const known = new Set(standing(typed).map((row) => row.id));
  const fresh = ruled.filter((row) => !known.has(row.id));
  const columns = rowFields(field.definition);
  let next = 0;
  return typed.map((row) => {
    if (row._delete) return row;
    const isBlank = !row.id && Object.entries(row).every(([key, cell]) => key === '_key' || isEmpty(cell));
    const from = row.id ? byId.get(row.id) : isBlank ? undefined : fresh[next++];
    const cells = columns.map((column) => {
      const isTheirs = column.computed || !(column.key in row);
      return [column.key, isTheirs && from ? from[column.key] : row[column.key]] as const;
    });
    return { ...row, ...Object.fromEntries(cells.filter(([, cell]) => cell !== undefined)) };
  });
}

/** What is wrong, by field and, within tables, by place: {name: {"": …}, lines: {"0/quantity": …}}. */
export type IssueMap = Record<string, Record<string, string>>;

export function issueMap(issues: ProblemAt[] | undefined): { fields: IssueMap; others: string[] } {
  const fields: IssueMap = {};
  const others: string[] = [];
  for (const { path, message } of issues ?? []) {
    const [, root, field, ...rest] = path.split('/');
    if (root === 'values' && field) {
      const at = rest.join('/');
      fields[field] = { [at]: message, ...fields[field] };
    } else {
      others.push(message);
    }
  }
  return { fields, others };
}

export const sameValue = (a: Wire, b: Wire): boolean =>
  (isEmpty(a) && isEmpty(b)) || JSON.stringify(normal(a)) === JSON.stringify(normal(b));

function normal(value: Wire): Wire {
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value === 'object' && value !== null) {
    return 'id' in value && 'title' in value ? value.id : Object.entries(value).sort(([a], [b]) => a.localeCompare(b));
  }
  return typeof value === 'number' ? String(value) : value;
}
