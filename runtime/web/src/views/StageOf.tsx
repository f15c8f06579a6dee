// The stage bar of a record that is there: a step is taken at once, or with what is being edited.
import { useTranslation } from 'react-i18next';
import type { RecordView } from '../api';
import type { RecordForm } from '../form/useRecordForm';
import type { Field, Form } from '../meta';
import { say } from '../shell/toast';
import { StageBar } from './StageBar';
import { useChange } from './useChange';

interface Props {
  form: Form;
  stage: Field;
  record: RecordView;
  state: RecordForm;
  editing: boolean;
  disabled: boolean;
  /** The step asks for more: the form is wanted. */
  onEdit: () => void;
}

export function StageOf({ form, stage, record, state, editing, disabled, onEdit }: Props) {
  const { t } = useTranslation();
  const { change, dialog } = useChange(form);
  const { key } = stage;

  function step(value: string) {
    if (editing) return state.set(key, value);
    void change(
      record,
      { [key]: value },
      {
        said: t('board.moved'),
        onRefused: (error) => {
          if (error.status !== 422) return false;
          // Against the step itself no other field helps.
          const why = error.against(key);
          if (why) {
            say({ text: why, bad: true });
            return true;
          }
          onEdit();
          state.set(key, value);
          say({ text: t('board.more') });
          return true;
        },
      },
    );
  }

  return (
    <>
      <StageBar
        field={stage}
        value={editing ? state.values[key] : record.values[key]}
        disabled={disabled || !record.rights.update || Boolean(stage.readOnly)}
        onChange={step}
      />
      {dialog}
    </>
  );
}
