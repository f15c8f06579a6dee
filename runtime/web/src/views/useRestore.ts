// Giving a field the value that it had before a change.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldChange, RecordView } from '../api';
import type { Form } from '../meta';
import { useChange } from './useChange';

export function useRestore(form: Form, record: RecordView): [(change: FieldChange) => void, ReactNode] {
  const { t } = useTranslation();
  const { change, dialog } = useChange(form);
  const restore = ({ field, from }: FieldChange) =>
    void change(record, { [field]: from ?? null }, { said: t('timeline.restoredField') });
  return [restore, dialog];
}
