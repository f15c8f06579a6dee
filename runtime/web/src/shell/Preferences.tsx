// Language, light or dark, density: kept in this browser.
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { locales, setLocale } from '../i18n';
import { type Density, type Mode, setLook, useLook } from '../theme/look';

interface ChoiceProps<T extends string> {
  name: string;
  value: string;
  choices: { value: T; text: string }[];
  onChoose: (value: T) => void;
}

function Choice<T extends string>({ name, value, choices, onChoose }: ChoiceProps<T>) {
  const id = useId();
  return (
    <div className="preference">
      <span id={id}>{name}</span>
      <div className="segments" role="group" aria-labelledby={id}>
        {choices.map((choice) => (
          <button
            key={choice.value}
            type="button"
            aria-pressed={choice.value === value}
            onClick={() => onChoose(choice.value)}
          >
            {choice.text}
          </button>
        ))}
      </div>
    </div>
  );
}

const modes: Mode[] = ['light', 'dark', 'system'];
const densities: Density[] = ['compact', 'normal', 'roomy'];

export function Preferences() {
  const { t, i18n } = useTranslation();
  const look = useLook();
  return (
    <div className="preferences">
      <Choice
        name={t('preference.language')}
        value={i18n.language}
        choices={locales.map((value) => ({ value, text: t(`language.${value}`) }))}
        onChoose={setLocale}
      />
      <Choice
        name={t('preference.mode')}
        value={look.mode}
        choices={modes.map((value) => ({ value, text: t(`mode.${value}`) }))}
        onChoose={(mode) => setLook({ mode })}
      />
      <Choice
        name={t('preference.density')}
        value={look.density}
        choices={densities.map((value) => ({ value, text: t(`density.${value}`) }))}
        onChoose={(density) => setLook({ density })}
      />
    </div>
  );
}
