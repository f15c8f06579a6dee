// Giving a field the value that it had before a change.
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useRefresh } from '../act/useAct';
import { type FieldChange, type RecordView, updateRecord } from '../api';
import { changesToSend } from '../form/values';
import type { Form } from '../meta';
import { say } from '../shell/toast';
import { useFaultText } from './Fault';

export function useRestore(form: Form, record: RecordView) {
  const { t } = useTranslation();
  const text = useFaultText();
  const client = useQueryClient();
  const refresh = useRefresh(form.key);
  return async ({ field, from }: FieldChange) => {
    const put = async (version: number, value: unknown) => {
      const now = await updateRecord(form.key, record.id, version, changesToSend(form, { [field]: value ?? null }));
      client.setQueryData(['record', form.key, record.id], now);
      refresh();
      return now;
    };
    try {
      const before = record.values[field];
      const now = await put(record.version, from);
      const undo = () => put(now.version, before).catch((error) => say({ text: text(error), bad: true }));
      say({ text: t('timeline.restoredField'), action: { text: t('action.undo'), act: () => void undo() } });
    } catch (error) {
      say({ text: text(error), bad: true });
    }
  };
}
