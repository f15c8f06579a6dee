// What a board asks and does: sums of its lanes, moving a card from one to another.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ApiError, aggregate, type RecordView, updateRecord, type Wire } from '../api';
import { draftKey, writeDraft } from '../form/draft';
import { type Form, useWorld } from '../meta';
import { say } from '../shell/toast';
import { useFaultText } from './Fault';
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

/** Counts and amounts by lane, "" for records without one. They know the filter and the view, but no words. */
export function useLaneSums({ form, group, amount, question }: SumsOf): Map<string, LaneSum> {
  const filter = question.filter ? (JSON.parse(question.filter) as unknown) : undefined;
  const { data } = useQuery({
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
  return new Map(
    (data?.rows ?? []).map(({ keys, metrics }) => [
      keys[0] === null || keys[0] === undefined ? '' : String(keys[0]),
      {
        count: Number(metrics[0]),
        amount: metrics[1] === undefined || metrics[1] === null ? undefined : String(metrics[1]),
      },
    ]),
  );
}

/** The filter of one lane beside that of the whole board. */
export function laneFilter(group: string, value: string | undefined, filter: string | undefined): string {
  const mine = value === undefined ? { field: group, op: 'empty' } : { field: group, op: 'eq', value };
  return JSON.stringify(filter ? { and: [mine, JSON.parse(filter) as unknown] } : mine);
}

export type Move = (record: RecordView, to: Wire) => Promise<void>;

/** Moves a card; where rules ask for more on the way, its form opens with the move already made in its draft. */
export function useMove(form: Form, group: string, said?: string): Move {
  const { t } = useTranslation();
  const text = useFaultText();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { me } = useWorld();
  const refresh = () => client.invalidateQueries({ queryKey: ['records', form.key] });

  return async (record, to) => {
    const from = record.values[group];
    if (from === to) return;
    try {
      const moved = await updateRecord(form.key, record.id, record.version, { [group]: to });
      const undo = () => updateRecord(form.key, moved.id, moved.version, { [group]: from }).then(refresh, refresh);
      say({ text: said ?? t('board.moved'), action: { text: t('action.undo'), act: () => void undo() } });
    } catch (error) {
      if (error instanceof ApiError && error.status === 422) {
        writeDraft(draftKey(me.user.id, form.key, record.id), {
          version: record.version,
          changes: { [group]: to },
          at: Date.now(),
        });
        say({ text: t('board.more') });
        void navigate({ to: '.', search: (now: object) => ({ ...now, record: record.id }) });
      } else {
        say({ text: text(error), bad: true });
      }
    }
    await refresh();
  };
}
