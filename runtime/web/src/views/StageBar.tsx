// Where a record stands on its way, and how it is moved along.
import { useTranslation } from 'react-i18next';
import type { Wire } from '../api';
import { type Field, useLabel } from '../meta';

interface Props {
  field: Field;
  value: Wire;
  disabled: boolean;
  onChange: (value: string) => void;
}

export function StageBar({ field, value, disabled, onChange }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const options = (field.definition['x-options'] ?? []).filter((option) => !option.off || option.value === value);
  const at = options.findIndex((option) => option.value === value);
  const end = options[at]?.closed;
  return (
    <ol
      tabIndex={disabled ? 0 : undefined}
      className={end ? `stages ${end}` : 'stages'}
      aria-label={label(field.definition['x-label'])}
    >
      {options.map((option, index) => {
        const isPast = index < at && options[at]?.closed !== 'lost' && !option.closed;
        return (
          <li key={option.value} className={index === at ? 'now' : isPast ? 'past' : ''}>
            <button
              type="button"
              aria-current={index === at ? 'step' : undefined}
              disabled={disabled}
              title={t('stage.to', { name: label(option.label) })}
              onClick={() => index !== at && onChange(option.value)}
            >
              {label(option.label)}
            </button>
          </li>
        );
      })}
    </ol>
  );
}
