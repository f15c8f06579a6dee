// A follow-up of the record in view: one tap opens what it needs.
import { FormOutlined } from '@ant-design/icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordView, Wire } from '../api';
import { type Form, namingIn, useLabel } from '../meta';
import { usePhone } from '../theme/phone';
import { QuickCreate } from './QuickCreate';
import { useActivityOf } from './useActivities';

export function QuickActivity({ form, record, title }: { form: Form; record: RecordView; title: string }) {
  const { t } = useTranslation();
  const label = useLabel();
  const phone = usePhone();
  const [open, setOpen] = useState(false);
  const relation = useActivityOf(form);
  if (!relation?.form.rights.create || relation.field.readOnly) return null;
  const name = label(relation.form.label);
  const begin = { [relation.field.key]: namingIn(relation, form.key, { id: record.id, title }) as Wire };
  return (
    <>
      <button
        type="button"
        className="button"
        aria-label={t('list.newOne', { name })}
        title={t('list.newOne', { name })}
        onClick={() => setOpen(true)}
      >
        <FormOutlined aria-hidden="true" /> {!phone && name}
      </button>
      {open && <QuickCreate form={relation.form} begin={begin} about={record.id} onClose={() => setOpen(false)} />}
    </>
  );
}
