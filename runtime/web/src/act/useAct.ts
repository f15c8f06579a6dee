// Doing something to a record: at once where nothing is asked, by a dialog where something is.
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ActInput, act, newKey, type RecordView } from '../api';
import { type ActionView, type Form, useLabel } from '../meta';
import { say } from '../shell/toast';
import { useFaultText } from '../views/Fault';
import { askOf, asksNothing, wayBack } from './asking';

/** Lets every page that shows records of the form ask anew. Pools and what goes along are other forms' records too. */
export function useRefresh(form: string): () => void {
  const client = useQueryClient();
  return useCallback(() => {
    for (const queryKey of [['records'], ['aggregate'], ['record', form], ['history', form], ['pools', form]]) {
      void client.invalidateQueries({ queryKey });
    }
  }, [client, form]);
}

/** Carries an action out on one record and says what came of it. onGone is told that the record is out of sight. */
export function useCarryOut(form: Form, onGone?: () => void) {
  const { t } = useTranslation();
  const label = useLabel();
  const client = useQueryClient();
  const refresh = useRefresh(form.key);
  return useCallback(
    async (action: ActionView, record: RecordView, input: ActInput, key: string) => {
      const acted = await act(form.key, record.id, action.key, input, key);
      const { warning, ...seen } = acted ?? {};
      const after = acted && (seen as RecordView);
      const name = label(action.label);
      if (after) client.setQueryData(['record', form.key, record.id], after);
      const back = after && wayBack(form, action, record, after);
      const undo = () =>
        act(form.key, record.id, back?.key ?? '', { args: back?.args }, newKey()).then(refresh, (error) =>
          say({ text: error instanceof Error ? error.message : t('fault.unknown'), bad: true }),
        );
      const done = after ? t('act.done', { name }) : t('act.doneGone', { name });
      say({
        text: warning ? t('act.warned', { done, warning: warning.message }) : done,
        ...(back ? { action: { text: t('action.undo'), act: () => void undo() } } : {}),
      });
      refresh();
      if (!after) onGone?.();
    },
    [t, label, client, form, refresh, onGone],
  );
}

/** What is asked about in the dialog that is open. */
export interface Asked {
  action: ActionView;
  records: RecordView[];
}

/**
 * Begins actions: begin does at once what asks for nothing and opens a dialog for the rest, and
 * says which. busy names the action that
 * is under way, whose button waits: however often it is pressed, it is done once.
 */
export function useAct(form: Form, onGone?: () => void) {
  const carryOut = useCarryOut(form, onGone);
  const text = useFaultText();
  const [asked, setAsked] = useState<Asked>();
  const [busy, setBusy] = useState('');
  const under = useRef(false);

  const begin = useCallback(
    async (action: ActionView, records: RecordView[]) => {
      const [record] = records;
      if (under.current || !record) return 'waiting' as const;
      if (records.length > 1 || !asksNothing(action, askOf(action, records))) {
        setAsked({ action, records });
        return 'asked' as const;
      }
      under.current = true;
      setBusy(`${action.key} ${record.id}`);
      try {
        await carryOut(action, record, {}, newKey());
        return 'done' as const;
      } catch (error) {
        say({ text: text(error), bad: true });
        return 'refused' as const;
      } finally {
        under.current = false;
        setBusy('');
      }
    },
    [carryOut, text],
  );
  const close = useCallback(() => setAsked(undefined), []);
  return { begin, busy, asked, close, carryOut };
}
