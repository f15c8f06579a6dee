// Deleting many records at once, with a way back.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { deleteRecord, type RecordView, restoreRecord } from '../api';
import { say } from '../shell/toast';
import { listKey } from './useRecords';

async function settle<T>(items: T[], act: (item: T) => Promise<unknown>): Promise<T[]> {
  const done: T[] = [];
  for (const item of items) {
    const ok = await act(item).then(
      () => true,
      () => false,
    );
    if (ok) done.push(item);
  }
  return done;
}

export function useBulkDelete(form: string, onDone: () => void) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: listKey(form) });
  const { mutate, isPending } = useMutation({
    mutationFn: (records: RecordView[]) => settle(records, (record) => deleteRecord(form, record.id, record.version)),
    onSuccess: (gone, wanted) => {
      const left = wanted.length - gone.length;
      const undo = () => settle(gone, (record) => restoreRecord(form, record.id)).then(refresh);
      if (gone.length) {
        say({
          text: t('list.deleted', { count: gone.length }),
          action: { text: t('action.undo'), act: () => void undo() },
        });
      }
      if (left) say({ text: t('list.notDeleted', { count: left }), bad: true });
      onDone();
      void refresh();
    },
  });
  return { run: mutate, busy: isPending };
}
