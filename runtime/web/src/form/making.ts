// New records that stand in the lists they belong to before the server has answered.
import { type QueryClient, useMutationState } from '@tanstack/react-query';
import { createRecord, type RecordView, type Values, type Wire } from '../api';
import { isRef } from './fields/reference';

interface Begun {
  values: Values;
}

interface Made {
  record: RecordView;
  at: number;
}

const keyOf = (form: string) => ['make', form] as const;

/** What is shown meanwhile are the values as the form shows them; what is sent is the body, under its key. */
export function make(client: QueryClient, form: string, shown: Values, body: Values, once: string) {
  const mutation = client.getMutationCache().build<Made, Error, Begun, unknown>(client, {
    mutationKey: keyOf(form),
    networkMode: 'always',
    mutationFn: async () => ({ record: await createRecord(form, body, once), at: Date.now() }),
  });
  return mutation.execute({ values: shown }).then(({ record }) => record);
}

export interface Making {
  /** When it was begun, ms: what tells several apart. */
  key: number;
  values: Values;
  /** What the server has made of it. */
  record?: RecordView;
}

/** What is being made of a form, and what has been made since a list of it was asked for (at, ms), the newest first. */
export function useMaking(form: string, at: number): Making[] {
  const all = useMutationState({
    filters: {
      mutationKey: keyOf(form),
      predicate: ({ state }) => state.status === 'pending' || state.status === 'success',
    },
    select: ({ state }) => {
      const { values } = state.variables as Begun;
      return { key: state.submittedAt, values, made: state.data as Made | undefined };
    },
  });
  return all
    .filter(({ made }) => !made || made.at > at)
    .map(({ key, values, made }) => ({ key, values: made?.record.values ?? values, record: made?.record }))
    .reverse();
}

/** Whether a value names a record: alone or among others. */
export const isNamed = (value: Wire, id: string): boolean =>
  Array.isArray(value) ? value.some((one) => isNamed(one, id)) : isRef(value) ? value.id === id : value === id;
