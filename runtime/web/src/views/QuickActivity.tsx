// A follow-up of the record in view: one tap opens what it needs.
import { FormOutlined } from '@ant-design/icons';
import { useState } from 'react';
import type { RecordView, Wire } from '../api';
import { type Form, namingIn, useLabel } from '../meta';
import { QuickCreate } from './QuickCreate';
import { useActivityOf } from './useActivities';

export function QuickActivity({ form, record, title }: { form: Form; record: RecordView; title: string }) {
  const label = useLabel();
  const [open, setOpen] = useState(false);
  const relation = useActivityOf(form);
  if (!relation?.form.rights.create || relation.field.readOnly) return null;
  const begin = { [relation.field.key]: namingIn(relation, form.key, { id: record.id, title }) as Wire };
  return (
    <>
      <button type="button" className="button" onClick={() => setOpen(true)}>
        <FormOutlined aria-hidden="true" /> {label(relation.form.label)}
      </button>
      {open && <QuickCreate form={relation.form} begin={begin} about={record.id} onClose={() => setOpen(false)} />}
    </>
  );
}
