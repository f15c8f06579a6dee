// Why something is done: one of the reasons there are, or in one's own words.
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { type Asking, useLabel } from '../meta';

interface Props {
  ask: Asking;
  value: string;
  onChange: (value: string) => void;
  issue?: string;
}

export function ReasonInput({ ask, value, onChange, issue }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const id = useId();
  if (ask.reason === 'no') return null;
  const must = ask.reason === 'required';
  const fault = issue && (
    <small id={`${id}-fault`} className="fault" role="alert">
      {issue}
    </small>
  );
  if (ask.reasons?.length) {
    return (
      <fieldset className="reasons" aria-describedby={issue ? `${id}-fault` : undefined}>
        <legend className="name">
          {must && <span className="must">* </span>}
          {t('act.reason')}
        </legend>
        {ask.reasons.map((one) => (
          <label key={one.value} className="choice-line">
            <input type="radio" name={id} checked={value === one.value} onChange={() => onChange(one.value)} />
            <span>{label(one.label)}</span>
          </label>
        ))}
        {fault}
      </fieldset>
    );
  }
  return (
    <div className="field wide">
      <label className="name" htmlFor={id}>
        {must && (
          <span className="must" aria-hidden="true">
            *{' '}
          </span>
        )}
        {must ? t('act.reason') : t('act.reasonOptional')}
      </label>
      <textarea
        id={id}
        className="text-area"
        rows={2}
        value={value}
        aria-invalid={issue ? true : undefined}
        aria-describedby={issue ? `${id}-fault` : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      {fault}
    </div>
  );
}
