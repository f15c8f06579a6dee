// What can be chosen in a filter of a dashboard: boxes to tick for options, a search among records and people.
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Ref, Wire } from '../api';
import { Picker } from '../form/fields/reference';
import { useSource } from '../form/fields/source';
import { type FieldDef, me, useLabel } from '../meta';
import { toneOf } from '../theme/palette';
import type { Choice } from './scope';

interface Props {
  label: string;
  def: FieldDef;
  chosen: Choice[];
  onChange: (values: Choice[]) => void;
}

export default function FilterChoice(props: Props) {
  const kind = props.def['x-field'];
  const isTicked = kind === 'select' || kind === 'stage' || kind === 'boolean';
  return <div className="filter-choice">{isTicked ? <Ticks {...props} /> : <Named {...props} />}</div>;
}

function Ticks({ label, def, chosen, onChange }: Props) {
  const { t } = useTranslation();
  const read = useLabel();
  const options =
    def['x-field'] === 'boolean'
      ? [true, false].map((value) => ({ value, text: t(value ? 'value.yes' : 'value.no'), tone: undefined }))
      : (def['x-options'] ?? []).map((one) => ({
          value: one.value,
          text: read(one.label),
          tone: one.color && toneOf(one.color),
        }));
  return (
    <div role="group" aria-label={label}>
      {options.map(({ value, text, tone }) => (
        <Tick key={String(value)} value={value} chosen={chosen} onChange={onChange}>
          <span className={tone ? `chip ${tone}` : undefined}>{text}</span>
        </Tick>
      ))}
    </div>
  );
}

interface TickProps extends Pick<Props, 'chosen' | 'onChange'> {
  value: string | boolean;
  children: React.ReactNode;
}

function Tick({ value, chosen, onChange, children }: TickProps) {
  const on = chosen.includes(value);
  return (
    <label className="tick">
      <input
        type="checkbox"
        checked={on}
        onChange={() => onChange(on ? chosen.filter((one) => one !== value) : [...chosen, value])}
      />
      {children}
    </label>
  );
}

function Named({ label, def, chosen, onChange }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const source = useSource(def);
  const refs = chosen.filter((one): one is Ref => typeof one === 'object');
  const rest = chosen.filter((one) => typeof one !== 'object');
  return (
    <>
      {def['x-field'] === 'member' && (
        <Tick value={me} chosen={chosen} onChange={onChange}>
          {t('filter.me')}
        </Tick>
      )}
      <Picker
        id={id}
        def={def}
        many
        source={source}
        label={label}
        value={refs as Wire}
        onChange={(next) => onChange([...rest, ...((next ?? []) as unknown as Ref[])])}
      />
    </>
  );
}
