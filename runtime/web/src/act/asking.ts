// What an action asks for, and how what people answer goes to the server.
import type { ProblemAt, RecordView, Values } from '../api';
import type { ActionArg, ActionView, Asking, FieldDef, FieldKind, Form, Option } from '../meta';

/** What an action asks for with these records: where their pools decide, what all of them ask. */
export function askOf(action: ActionView, records: Pick<RecordView, 'pool'>[]): Asking {
  const pools = new Set(records.map((record) => record.pool?.key ?? ''));
  const asked = [...pools].map((key) => action.byPool?.[key] ?? action.ask);
  const [first = action.ask, ...rest] = asked;
  return rest.reduce(together, first);
}

const strictness = { no: 0, optional: 1, required: 2 } as const;

/** What both ask for: the stricter about a reason, the reasons that both know, the arguments that both take. */
function together(a: Asking, b: Asking): Asking {
  const reason = strictness[a.reason] >= strictness[b.reason] ? a.reason : b.reason;
  const reasons =
    a.reasons && b.reasons
      ? a.reasons.filter((one) => b.reasons?.some((other) => other.value === one.value))
      : (a.reasons ?? b.reasons);
  const args = a.args?.filter((one) => b.args?.some((other) => other.key === one.key));
  return { reason, reasons, args };
}

export const asksNothing = (action: ActionView, ask: Asking): boolean =>
  !action.confirm && ask.reason === 'no' && !ask.args?.length;

/** The actions of a form that may be done to some of the records now, in the form's order. */
export function offered(form: Form, records: RecordView[], many = false): ActionView[] {
  const may = new Set(records.flatMap((record) => record.rights.actions));
  return (form.actions ?? []).filter((action) => may.has(action.key) && (!many || action.many));
}

const kinds: Record<ActionArg['kind'], FieldKind> = {
  text: 'text',
  number: 'number',
  flag: 'boolean',
  date: 'date',
  person: 'member',
  unit: 'orgunit',
  pool: 'select',
  option: 'select',
};

/** An argument as a field, so that it has the input of one. */
export function fieldFor(arg: ActionArg, form: Form, left: string[] = []): FieldDef {
  const options: Option[] =
    arg.kind === 'pool'
      ? (form.pools ?? []).filter((pool) => !left.includes(pool.key)).map((pool) => ({ ...pool, value: pool.key }))
      : (arg.options ?? []).map((option) => ({ ...option }));
  return {
    'x-field': kinds[arg.kind],
    'x-label': arg.label,
    'x-help': arg.help,
    ...(options.length ? { 'x-options': options } : {}),
  };
}

/** What is answered by choosing one of several, and sent by its id. */
const named = new Set<ActionArg['kind']>(['person', 'unit']);

/** What was answered as the server takes it: people and units by their ids, nothing for what was left out. */
export function argsOf(ask: Asking, answers: Values): Values {
  const args: Values = {};
  for (const arg of ask.args ?? []) {
    const answer = answers[arg.key];
    if (answer === undefined || answer === null || answer === '' || answer === false) continue;
    args[arg.key] = named.has(arg.kind) ? (answer as { id: string }).id : answer;
  }
  return args;
}

/** Required answers that are missing, by the keys of their inputs; "reason" is that of the reason. */
export function missingOf(ask: Asking, answers: Values, reason: string): string[] {
  const missing = (ask.args ?? []).filter((arg) => arg.required && !(arg.key in argsOf(ask, answers)));
  const keys = missing.map((arg) => arg.key);
  return ask.reason === 'required' && !reason.trim() ? [...keys, 'reason'] : keys;
}

/** What is wrong with answers, by the keys of their inputs. */
export function issuesOf(errors: ProblemAt[] | undefined): Record<string, string> {
  const issues: Record<string, string> = {};
  for (const { path, message } of errors ?? []) {
    const [, place, key] = path.split('/');
    if (place === 'args' && key) issues[key] ??= message;
  }
  return issues;
}

/**
 * How an action is taken back on a record that it left like this; undefined where it is not. What the way back asks
 * for is what the record had before.
 */
export function wayBack(form: Form, action: ActionView, before: RecordView, after: RecordView) {
  const back = form.actions?.find((one) => one.key === action.undo);
  if (!back || !after.rights.actions.includes(back.key)) return undefined;
  const ask = askOf(back, [after]);
  const args: Values = {};
  for (const arg of ask.args ?? []) {
    const had = arg.kind === 'pool' ? before.pool?.key : arg.kind === 'person' ? ownerOf(form, before) : undefined;
    if (had) args[arg.key] = had;
    else if (arg.required) return undefined;
  }
  return ask.reason === 'required' ? undefined : { key: back.key, args };
}

export function ownerOf(form: Form, record: RecordView): string | undefined {
  const owner = form.owner ? record.values[form.owner] : undefined;
  return typeof owner === 'object' && owner !== null && 'id' in owner ? String(owner.id) : undefined;
}
