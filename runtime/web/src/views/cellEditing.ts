// Saving one cell of a list: at once, with a way back; what is wrong is said in the cell.
import { type InfiniteData, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, type Page, type RecordView, updateRecord, type Wire } from '../api';
import { isEmpty } from '../form/fields/ui';
import { issueMap } from '../form/values';
import { type CellEditing, fitsCell } from '../grid/CellEditor';
import type { Form } from '../meta';
import { say } from '../shell/toast';
import { useFaultText } from './Fault';
import { listKey } from './useRecords';

const sent = (value: Wire) => (isEmpty(value) ? null : value);

export function useCellEditing(form: Form): CellEditing {
  const { t } = useTranslation();
  const text = useFaultText();
  const client = useQueryClient();
  return useMemo(() => {
    /** Puts a record as it now is into every list that shows it. */
    function put(now: RecordView) {
      client.setQueriesData<InfiniteData<Page>>({ queryKey: listKey(form.key) }, (data) => {
        if (!data?.pages) return data;
        const pages = data.pages.map((page) => ({
          ...page,
          records: page.records.map((one) =>
            one.id === now.id ? { ...one, ...now, values: { ...one.values, ...now.values } } : one,
          ),
        }));
        return { ...data, pages };
      });
      void client.invalidateQueries({ queryKey: ['record', form.key, now.id] });
      void client.invalidateQueries({ queryKey: ['history', form.key, now.id] });
      void client.invalidateQueries({ queryKey: ['aggregate'] });
    }

    async function undo(record: RecordView, key: string, before: Wire) {
      try {
        put(await updateRecord(form.key, record.id, record.version, { [key]: sent(before) }));
      } catch (error) {
        say({ text: text(error), bad: true });
      }
    }

    function wrong(error: unknown, key: string): string {
      if (!(error instanceof ApiError)) throw error;
      const theirs = (error.problem.conflict as { theirs?: RecordView } | undefined)?.theirs;
      if (error.status === 409 && theirs) {
        put(theirs);
        return t('cell.conflict', { name: theirs.updatedBy.title ?? '' });
      }
      const { fields, others } = issueMap(error.problem.errors);
      const here = fields[key] && Object.values(fields[key])[0];
      // A rule may want something else of the record first.
      return here ?? Object.values(fields).flatMap((issues) => Object.values(issues))[0] ?? others[0] ?? text(error);
    }

    return {
      can: (record, column) =>
        record.rights.update &&
        fitsCell(column) &&
        column.key in record.values &&
        !record.masked?.includes(column.key) &&
        form.fields.some((field) => field.key === column.key && !field.readOnly && !field.computed),
      save: async (record, { key }, value) => {
        try {
          const now = await updateRecord(form.key, record.id, record.version, { [key]: sent(value) });
          put(now);
          const back = () => void undo(now, key, record.values[key]);
          say({ text: t('record.saved'), action: { text: t('action.undo'), act: back } });
          return '';
        } catch (error) {
          return wrong(error, key);
        }
      },
    };
  }, [client, form, t, text]);
}
