// Changes of records that stand at once in every list: what is under way, and what the server has answered that the
// lists have not been asked about anew.
import { type QueryClient, useMutationState } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type RecordView, updateRecord, type Values } from '../api';

interface Sent {
  record: RecordView;
  values: Values;
  /** Where it was made, where it may bring the record into another list of the same place. */
  place?: string;
}

interface Answered {
  /** The version that the change was made to. */
  sent: number;
  record: RecordView;
  at: number;
}

const keyOf = (form: string) => ['change', form] as const;

/** Changes of one record go one after the other, each to the version that the one before has made. */
export function send(client: QueryClient, form: string, change: Sent): Promise<RecordView> {
  const { id } = change.record;
  const mutation = client.getMutationCache().build<Answered, Error, Sent, unknown>(client, {
    mutationKey: keyOf(form),
    scope: { id: `${form} ${id}` },
    // Without a connection it fails: what is kept back would be sent when nobody thinks of it any more.
    networkMode: 'always',
    mutationFn: async ({ record, values }) => {
      const sent = madeOf(client, form, record);
      return { sent, record: await updateRecord(form, id, sent, values), at: Date.now() };
    },
    // Nobody waits for it: what was asked before the answer is thrown away by asking anew.
    onSettled: () => void askAnew(client, form, id),
  });
  return mutation.execute(change).then((answer) => answer.record);
}

function askAnew(client: QueryClient, form: string, id: string) {
  for (const queryKey of [['records', form], ['record', form, id], ['history', form, id], ['aggregate']]) {
    void client.invalidateQueries({ queryKey });
  }
}

/** The version that one's own changes have made of a version: only what others have changed is a conflict. */
function madeOf(client: QueryClient, form: string, { id, version }: RecordView): number {
  const answers = client
    .getMutationCache()
    .findAll({ mutationKey: keyOf(form), status: 'success' })
    .map(({ state }) => state.data as Answered)
    .filter(({ record }) => record.id === id);
  const made = new Map(answers.map(({ sent, record }) => [sent, record.version]));
  let now = version;
  for (let next = made.get(now); next !== undefined && next > now; next = made.get(now)) now = next;
  return now;
}

export interface Changed {
  id: string;
  /** The record as it was when it was changed. */
  from: RecordView;
  values: Values;
  place?: string;
  /** What the server has made of it, and when, ms. Not there while it is under way. */
  answer?: RecordView;
  at: number;
}

/** One's own changes in the order that they were made in. Those that were refused are none. */
export function useChanges(form: string): Changed[] {
  const all = useMutationState({
    filters: {
      mutationKey: keyOf(form),
      predicate: ({ state }) => state.status === 'pending' || state.status === 'success',
    },
    select: ({ state }): Changed => {
      const { record, values, place } = state.variables as Sent;
      const answered = state.data as Answered | undefined;
      const at = answered?.at ?? Number.POSITIVE_INFINITY;
      return { id: record.id, from: record, values, place, answer: answered?.record, at };
    },
  });
  return all;
}

/** A record with what was changed of it: what is under way, and what was answered since it was asked for. */
export function changed(record: RecordView, changes: Changed[]): RecordView {
  let now = record;
  for (const { answer, values } of changes) {
    if (!answer) now = { ...now, values: { ...now.values, ...values } };
    else if (answer.version > now.version) now = { ...now, ...answer, values: { ...now.values, ...answer.values } };
  }
  return now;
}

/** Records as they stand with one's own changes. What has not changed stays the very same object. */
export function useChanged(form: string, records: RecordView[]): RecordView[] {
  const changes = useChanges(form);
  return useMemo(() => {
    if (!changes.length) return records;
    const ids = new Set(changes.map(({ id }) => id));
    return records.map((record) =>
      ids.has(record.id)
        ? changed(
            record,
            changes.filter(({ id }) => id === record.id),
          )
        : record,
    );
  }, [records, changes]);
}

/** Whether something of a record is under way. */
export const useIsUnderway = (form: string, id: string): boolean =>
  useChanges(form).some((one) => one.id === id && !one.answer);
