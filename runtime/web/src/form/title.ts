// What names a record.
import { useTranslation } from 'react-i18next';
import type { RecordView } from '../api';
import { type Form, fieldOf, useWorld, valuesOf } from '../meta';
import { registry } from './fields/registry';

/** Reads the titles of a form's records; "" for one that has none. */
export function useTitle(form: Form): (record: Pick<RecordView, 'values'>) => string {
  const { i18n } = useTranslation();
  const { catalog } = useWorld();
  const field = fieldOf(form, form.title);
  const def = field && valuesOf(catalog, form, field.definition);
  return (record) => (def ? registry[def['x-field']].text(record.values[form.title], def, i18n.language) : '');
}
