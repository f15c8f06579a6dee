// Changing a record so that it stands as changed at once: put back where the server refuses, with a way back where it
// lets one, and with both versions side by side where somebody was faster.
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, type RecordView, type Values } from '../api';
import { ConflictDialog } from '../form/ConflictDialog';
import { type Conflict, isSaved, theirsOf } from '../form/conflict';
import { changesToSend } from '../form/values';
import type { Form } from '../meta';
import { say } from '../shell/toast';
import { send } from './changes';
import { useFaultText } from './Fault';

export interface Manner {
  /** What is said when it is done. */
  said: string;
  /** Where it is made: lists of the same place show the record at once that was moved to them. */
  place?: string;
  /** Takes what the server has refused; true where whoever made the change is told of it already. */
  onRefused?: (error: ApiError) => boolean;
}

export type Change = (record: RecordView, values: Values, manner: Manner) => Promise<void>;

/** The dialog is to be drawn wherever changes are made: it is there while a conflict is. */
export function useChange(form: Form): { change: Change; dialog: ReactNode } {
  const { t } = useTranslation();
  const text = useFaultText();
  const client = useQueryClient();
  const [conflict, setConflict] = useState<Conflict & { manner: Manner }>();

  const change = useCallback<Change>(
    async function change(record, values, manner) {
      const { said, place, onRefused } = manner;
      const before = Object.fromEntries(Object.keys(values).map((key) => [key, record.values[key]]));
      try {
        const now = await send(client, form.key, { record, values: changesToSend(form, values), place });
        const undo = () => void change(now, before, { said: t('record.undone'), place });
        say({ text: said, action: now.rights.update ? { text: t('action.undo'), act: undo } : undefined });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        const theirs = theirsOf(error);
        if (theirs && isSaved(values, theirs)) say({ text: said });
        else if (theirs) setConflict({ yours: values, theirs, manner });
        else if (!onRefused?.(error)) say({ text: text(error), bad: true });
      }
    },
    [client, form, t, text],
  );

  const dialog = conflict && (
    <ConflictDialog
      form={form}
      conflict={conflict}
      saving={false}
      onResolve={(chosen) => {
        setConflict(undefined);
        if (Object.keys(chosen).length) void change(conflict.theirs, chosen, conflict.manner);
      }}
      onClose={() => setConflict(undefined)}
    />
  );
  return { change, dialog };
}
