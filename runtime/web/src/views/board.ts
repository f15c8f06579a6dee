// What a board asks and does: sums of its lanes, moving a card from one to another.
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { aggregate, type RecordView, type Wire } from '../api';
import { draftKey, writeDraft } from '../form/draft';
import { type Form, sum, useWorld } from '../meta';
import { say } from '../shell/toast';
import { type Changed, useChanges } from './changes';
import { useChange } from './useChange';
import type { ListQuestion } from './useRecords';

export interface LaneSum {
  count: number;
  amount?: string;
}

interface SumsOf {
  form: string;
  group: string;
  amount?: string;
  question: ListQuestion;
}

export interface LaneSums {
  /** By lane, "" for records without one; undefined until they are known. */
  by: Map<string, LaneSum> | undefined;
  /** Why they are not known. */
  error: unknown;
}

/**
 * Counts and amounts by lane, with what was moved since they were asked for. They know the filter and the view, but no
 * words.
 */
export function useLaneSums({ form, group, amount, question }: SumsOf): LaneSums {
  const filter = question.filter ? (JSON.parse(question.filter) as unknown) : undefined;
  const { data, dataUpdatedAt, error } = useQuery({
    queryKey: ['records', form, 'lanes', group, amount, question.view, question.filter],
    queryFn: ({ signal }) =>
      aggregate(
        form,
        {
          view: question.view,
          filter,
          group: [{ field: group }],
          metrics: [{ op: 'count' }, ...(amount ? [{ op: 'sum', field: amount }] : [])],
        },
        signal,
      ),
    enabled: group !== '',
  });
  const changes = useChanges(form);
  const sums = new Map(
    (data?.rows ?? []).map(({ keys, metrics }): [string, LaneSum] => [
      laneOf(keys[0]),
      {
        count: Number(metrics[0]),
        amount: metrics[1] === undefined || metrics[1] === null ? undefined : String(metrics[1]),
      },
    ]),
  );
  for (const { from, values } of fresh(changes, placeOf(question), dataUpdatedAt)) {
    if (!(group in values)) continue;
    const worth = amount && String(from.values[amount] ?? '0');
    add(sums, laneOf(from.values[group]), -1, worth && negative(worth));
    add(sums, laneOf(values[group]), 1, worth);
  }
  return { by: data && sums, error };
}

const negative = (worth: string) => (worth.startsWith('-') ? worth.slice(1) : `-${worth}`);

function add(sums: Map<string, LaneSum>, lane: string, count: number, worth: string | undefined) {
  const now = sums.get(lane) ?? { count: 0 };
  sums.set(lane, { count: now.count + count, amount: worth && sum([now.amount, worth]) });
}

/** The filter of one lane beside that of the whole board. */
export function laneFilter(group: string, value: string | undefined, filter: string | undefined): string {
  const mine = value === undefined ? { field: group, op: 'empty' } : { field: group, op: 'eq', value };
  return JSON.stringify(filter ? { and: [mine, JSON.parse(filter) as unknown] } : mine);
}

export type Move = (record: RecordView, to: Wire) => Promise<void>;

/** The board that is looked at: what is moved on it shows in another of its lanes at once. */
export const placeOf = (question: ListQuestion) => JSON.stringify(question);

interface MoveOptions {
  said?: string;
  place?: string;
}

/**
 * Moves a record at once; where rules ask for more on the way, its form opens with the move already made in its draft,
 * where they are against the move, why is told.
 * The dialog is to be drawn beside what is moved.
 */
export function useMove(form: Form, group: string, { said, place }: MoveOptions = {}): [Move, ReactNode] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { me } = useWorld();
  const { change, dialog } = useChange(form);

  const move: Move = async (record, to) => {
    if (record.values[group] === to) return;
    const more = () => {
      writeDraft(draftKey(me.user.id, form.key, record.id), {
        version: record.version,
        changes: { [group]: to },
        at: Date.now(),
      });
      say({ text: t('board.more') });
      void navigate({ to: '.', search: (now: object) => ({ ...now, record: record.id }) });
    };
    await change(
      record,
      { [group]: to },
      {
        said: said ?? t('board.moved'),
        place,
        onRefused: (error) => {
          if (error.status !== 422) return false;
          // Against the move itself no other field helps.
          const why = error.against(group);
          if (why) say({ text: why, bad: true });
          else more();
          return true;
        },
      },
    );
  };
  return [move, dialog];
}

/** Changes that were made on a board and that a list of it has not been asked about since, at is when it was. */
const fresh = (changes: Changed[], place: string, at: number) =>
  changes.filter((one) => one.place === place && one.at > at);

/** The cards of a lane as they stand: without those that have left it, with those that have come at their head. */
export function standing(inLane: InLane): RecordView[] {
  const { records, changes, group, value, place, at } = inLane;
  const isHere = (record: RecordView) => laneOf(record.values[group]) === (value ?? '');
  const known = new Set(records.map(({ id }) => id));
  const come = new Map(
    fresh(changes, place, at).map(({ id, from, values, answer }): [string, RecordView] => [
      id,
      answer ?? { ...from, values: { ...from.values, ...values } },
    ]),
  );
  return [...[...come.values()].filter(({ id }) => !known.has(id)), ...records].filter(isHere);
}

interface InLane {
  records: RecordView[];
  changes: Changed[];
  group: string;
  /** The lane's option, undefined for records without one. */
  value: string | undefined;
  place: string;
  /** When the lane was asked for, ms. */
  at: number;
}

const laneOf = (value: Wire) => (value === null || value === undefined ? '' : String(value));
