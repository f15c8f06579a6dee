// A new record of a form that goes with another one, without leaving the page.
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldState, Ref } from '../api';
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
  /** The field that names the other record, and that record. */
  via: string;
  to: Ref;
  onClose: () => void;
  onSaved?: () => void;
}

/** What must be said, and no more: that is what makes it quick. */
const needed = (_: Field, state: FieldState) => state.required && !state.readOnly;

export function QuickCreate({ form, via, to, onClose, onSaved }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const phone = usePhone();
  const [whole, setWhole] = useState(false);
  const begin = useMemo(() => ({ [via]: to }), [via, to]);
  const state = useRecordForm({
    form,
    begin,
    about: to.id,
    active: true,
    onSaved: () => {
      say({ text: t('record.created') });
      onSaved?.();
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
