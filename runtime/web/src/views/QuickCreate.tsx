// A new record without leaving the page: what goes with the one in view, or what a field is to name.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldState, RecordView, Values } from '../api';
import { FormBody } from '../form/FormBody';
import { useRecordForm } from '../form/useRecordForm';
import { type Field, type Form, useLabel } from '../meta';
import { Sheet } from '../shell/Sheet';
import { SheetFoot } from '../shell/SheetFoot';
import { say } from '../shell/toast';
import { usePhone } from '../theme/phone';
import { FormNotices } from './FormNotices';

interface Props {
  form: Form;
  /** What it begins with, e.g. the record that it goes with. */
  begin: Values;
  /** What it is made for: what is typed is kept for that alone. */
  about: string;
  onClose: () => void;
  onSaved?: (record: RecordView) => void;
}

/** What must be said, and no more: that is what makes it quick. */
const needed = (_: Field, state: FieldState) => state.required && !state.readOnly;

export function QuickCreate({ form, begin, about, onClose, onSaved }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const phone = usePhone();
  const [whole, setWhole] = useState(false);
  const state = useRecordForm({
    form,
    begin,
    about,
    active: true,
    onSaved: (record) => {
      say({ text: t('record.created') });
      onSaved?.(record);
      onClose();
    },
  });
  return (
    <Sheet title={t('list.newOne', { name: label(form.label) })} kind={phone ? 'below' : 'wide'} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void state.save();
        }}
      >
        <div className="sheet-content">
          <FormNotices state={state} editing onDrop={state.drop} />
          <FormBody form={form} state={state} only={whole ? undefined : needed} />
          {!whole && (
            <button type="button" className="plain" onClick={() => setWhole(true)}>
              {t('quick.whole')}
            </button>
          )}
        </div>
        <SheetFoot onClose={onClose}>
          <button type="submit" className="button primary" disabled={state.saving}>
            {state.saving ? t('record.saving') : t('action.save')}
          </button>
        </SheetFoot>
      </form>
    </Sheet>
  );
}
