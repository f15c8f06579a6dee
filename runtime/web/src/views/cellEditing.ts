// Saving one cell of a list: it stands at once, with a way back; what is wrong is told to whoever typed it.
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '../api';
import { issueMap } from '../form/values';
import { type CellEditing, fitsCell } from '../grid/CellEditor';
import type { Form } from '../meta';
import { useFaultText } from './Fault';
import { useChange } from './useChange';

/** The dialog is to be drawn beside the table. */
export function useCellEditing(form: Form): { editing: CellEditing; dialog: ReactNode } {
  const { t } = useTranslation();
  const text = useFaultText();
  const { change, dialog } = useChange(form);
  const editing = useMemo((): CellEditing => {
    function wrong(error: ApiError, key: string): string {
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
        let fault = '';
        const onRefused = (error: ApiError) => {
          fault = wrong(error, key);
          return true;
        };
        await change(record, { [key]: value }, { said: t('record.saved'), onRefused });
        return fault;
      },
    };
  }, [change, form, t, text]);
  return { editing, dialog };
}
