// What stands above a form: a draft brought back, what keeps it from being saved.
import { useTranslation } from 'react-i18next';
import type { RecordForm } from '../form/useRecordForm';
import { ago } from '../meta';
import { Fault } from './Fault';

interface Props {
  state: RecordForm;
  editing: boolean;
  onDrop: () => void;
}

export function FormNotices({ state, editing, onDrop }: Props) {
  const { t, i18n } = useTranslation();
  if (!editing) return null;
  const { refused, wrong, attempted, restored, newer } = state;
  const count = Object.keys(wrong.fields).length;
  return (
    <div className="notices" aria-live="polite">
      {restored && (
        <p className="notice">
          <span>{t('form.restored')}</span>
          <button type="button" className="plain" onClick={onDrop}>
            {t('form.dropDraft')}
          </button>
        </p>
      )}
      {newer && (
        <p className="notice">
          <span>
            {t('form.newer', { name: newer.updatedBy.title ?? '', ago: ago(newer.updatedAt, i18n.language) })}
          </span>
          <button type="button" className="plain" onClick={state.compare}>
            {t('form.compare')}
          </button>
        </p>
      )}
      {refused && refused.status !== 422 && <Fault error={refused} onRetry={state.save} saving />}
      {attempted && count > 0 && <p className="notice bad">{t('form.wrong', { count })}</p>}
      {attempted && wrong.others.length > 0 && (
        <ul className="notice bad">
          {wrong.others.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
