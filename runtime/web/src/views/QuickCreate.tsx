// A new record without leaving the page: what goes with the one in view, or what a field is to name.
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRefresh } from '../act/useAct';
import { deleteRecord, type FieldState, type RecordView, type Values } from '../api';
import { FormBody } from '../form/FormBody';
import { useRecordForm } from '../form/useRecordForm';
import { type Field, type Form, useLabel } from '../meta';
import { Sheet } from '../shell/Sheet';
import { SheetFoot } from '../shell/SheetFoot';
import { say } from '../shell/toast';
import { usePhone } from '../theme/phone';
import { useFaultText } from './Fault';
import { FormNotices } from './FormNotices';

interface Props {
  form: Form;
  /** What it begins with, e.g. the record that it goes with. */
  begin: Values;
  /** What it is made for: what is typed is kept for that alone. */
  about: string;
  onClose: () => void;
  onSaved?: (record: RecordView) => void;
  /** It stays until it is saved: somebody waits for what is made. */
  waits?: boolean;
}

/** What must be said, and no more: that is what makes it quick. */
const needed = (_: Field, state: FieldState) => state.required && !state.readOnly;

export function QuickCreate({ form, begin, about, onClose, onSaved, waits }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const phone = usePhone();
  const [whole, setWhole] = useState(false);
  const [early, setEarly] = useState(false);
  // What is told when the answer comes is of now, not of when it was sent.
  const isGone = useRef(false);
  const takeBack = useTakeBack(form);
  const state = useRecordForm({
    form,
    begin,
    about,
    active: true,
    onSaved: (record) => {
      const undo = { text: t('action.undo'), act: () => void takeBack(record) };
      say({ text: t('record.created'), action: record.rights.delete ? undo : undefined });
      onSaved?.(record);
      onClose();
    },
    onRefused: () => {
      if (isGone.current) say({ text: t('record.unsaved'), bad: true });
      setEarly(false);
    },
  });
  // What the rules have nothing against stands in its lists already; refused, its form is here again.
  if (early) return null;
  return (
    <Sheet title={t('list.newOne', { name: label(form.label) })} kind={phone ? 'below' : 'wide'} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          isGone.current = state.sure && !waits;
          setEarly(isGone.current);
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

/** What was made by mistake goes to where what is deleted is. */
function useTakeBack(form: Form) {
  const { t } = useTranslation();
  const text = useFaultText();
  const refresh = useRefresh(form.key);
  return async (record: RecordView) => {
    try {
      await deleteRecord(form.key, record.id, record.version);
      say({ text: t('record.undone') });
    } catch (error) {
      say({ text: text(error), bad: true });
    }
    refresh();
  };
}
