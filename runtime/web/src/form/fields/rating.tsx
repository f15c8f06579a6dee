// Points that people give as stars. The stars are a group of radio buttons: arrow keys move, and the group is one stop.
import { CloseOutlined, StarFilled } from '@ant-design/icons';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Wire } from '../../api';
import type { FieldDef } from '../../meta';
import { Nothing } from './text';
import { type EditProps, type FieldUI, isEmpty, orderedOps, type ShowProps } from './ui';
import './fields.css';

const usual = 5;
const mostOf = (def: FieldDef) => def['x-points'] ?? usual;
const pointsOf = (value: Wire) => (isEmpty(value) || !Number.isInteger(Number(value)) ? 0 : Number(value));
const upTo = (most: number) => Array.from({ length: most }, (_, index) => index + 1);

function ShowRating({ value, def }: ShowProps) {
  const { t } = useTranslation();
  const points = pointsOf(value);
  if (isEmpty(value)) return <Nothing />;
  const most = Math.max(mostOf(def), points);
  return (
    <span className="rating">
      <span aria-hidden="true" className="stars">
        {upTo(most).map((star) => (
          <StarFilled key={star} className={star <= points ? 'on' : undefined} />
        ))}
      </span>
      <span className="sr">{t('rating.of', { points: String(value), most })}</span>
    </span>
  );
}

function EditRating({ id, def, value, onChange, disabled, invalid, describedBy, label, autoFocus }: EditProps) {
  const { t } = useTranslation();
  const name = useId();
  const points = pointsOf(value);
  return (
    <div
      className="rating edit"
      role="radiogroup"
      aria-label={label}
      aria-invalid={invalid || undefined}
      aria-describedby={describedBy}
    >
      {upTo(mostOf(def)).map((star) => (
        <label key={star} className={star <= points ? 'on' : undefined} title={String(star)}>
          <input
            id={star === Math.max(1, points) ? id : undefined}
            type="radio"
            className="sr"
            name={name}
            value={star}
            aria-label={t('rating.of', { points: star, most: mostOf(def) })}
            checked={star === points}
            onChange={() => onChange(star)}
            disabled={disabled}
            autoFocus={autoFocus && star === Math.max(1, points)}
          />
          <StarFilled aria-hidden="true" />
        </label>
      ))}
      {points > 0 && !disabled && (
        <button type="button" className="plain icon" aria-label={t('rating.clear')} onClick={() => onChange(null)}>
          <CloseOutlined />
        </button>
      )}
    </div>
  );
}

export const rating: FieldUI = {
  Show: ShowRating,
  Edit: EditRating,
  text: (value) => (isEmpty(value) ? '' : String(value)),
  ops: orderedOps,
  width: 110,
  group: true,
};
