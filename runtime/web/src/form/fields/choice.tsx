// Kinds whose values are among given options.
import type { Wire } from '../../api';
import { Cascader, Select } from '../../inputs';
import { type FieldDef, type Option, optionOf, textOf, useLabel } from '../../meta';
import { toneOf } from '../../theme/palette';
import { Nothing } from './text';
import { bound, choiceOps, type EditProps, type FieldUI, isEmpty, manyOps, type ShowProps } from './ui';
import { useClear } from './useClear';

/** An option with its colour, which always goes with its text. */
export function Chip({ option, value }: { option?: Option; value: string }) {
  const label = useLabel();
  return (
    <span className={`chip ${toneOf(option?.color)}${option?.color ? '' : ' flat'}`}>
      {option ? label(option.label) : value}
    </span>
  );
}

function ShowOne({ def, value }: ShowProps) {
  if (isEmpty(value)) return <Nothing />;
  const option = optionOf(def['x-options'], value);
  return <Chip option={option} value={String(value)} />;
}

function ShowMany({ def, value, full }: ShowProps) {
  const values = Array.isArray(value) ? value : [];
  if (!values.length) return <Nothing />;
  return (
    <span className={full ? 'chips wrap' : 'chips'}>
      {values.map((one) => (
        <Chip key={String(one)} value={String(one)} option={optionOf(def['x-options'], one)} />
      ))}
    </span>
  );
}

/** What a picker offers: retired options only where they are chosen already. */
function useChoices(def: FieldDef, chosen: Wire) {
  const label = useLabel();
  const held = Array.isArray(chosen) ? chosen : [chosen];
  return (def['x-options'] ?? [])
    .filter((option) => !option.off || held.includes(option.value))
    .map((option) => ({ value: option.value, label: label(option.label), color: option.color }));
}

const withDot = (option: { label?: unknown; data: { color?: string } }) => (
  <span className="person">
    {option.data.color && <span className={`dot ${toneOf(option.data.color)}`} />}
    {option.label as string}
  </span>
);

function EditOne(props: EditProps) {
  const { def, value, onChange, disabled, invalid, autoFocus } = props;
  const choices = useChoices(def, value);
  const clear = useClear();
  return (
    <Select
      {...bound(props)}
      className="full"
      value={isEmpty(value) ? undefined : value}
      onChange={(next) => onChange(next ?? null)}
      options={choices}
      optionRender={withDot}
      showSearch={choices.length > 8 && { optionFilterProp: 'label' }}
      allowClear={clear}
      disabled={disabled}
      status={invalid ? 'error' : undefined}
      autoFocus={autoFocus}
    />
  );
}

function EditMany(props: EditProps) {
  const { def, value, onChange, disabled, invalid, autoFocus } = props;
  const isTags = def['x-field'] === 'tags';
  const choices = useChoices(def, value);
  return (
    <Select
      {...bound(props)}
      className="full"
      mode={isTags ? 'tags' : 'multiple'}
      value={Array.isArray(value) ? value : []}
      onChange={(next) => onChange(next)}
      options={isTags ? undefined : choices}
      open={isTags ? false : undefined}
      suffixIcon={isTags ? null : undefined}
      tokenSeparators={isTags ? [',', '，', ';'] : undefined}
      optionFilterProp="label"
      disabled={disabled}
      status={invalid ? 'error' : undefined}
      autoFocus={autoFocus}
    />
  );
}

interface Choice {
  value: string;
  label: string;
  children?: Choice[];
}

function choicesOf(options: Option[], label: (of: Option['label']) => string): Choice[] {
  return options.map((option) => ({
    value: option.value,
    label: label(option.label),
    children: option.children?.length ? choicesOf(option.children, label) : undefined,
  }));
}

function EditPath(props: EditProps) {
  const { def, value, onChange, disabled, invalid, autoFocus } = props;
  const label = useLabel();
  return (
    <Cascader
      {...bound(props)}
      className="full"
      value={Array.isArray(value) ? (value as string[]) : undefined}
      onChange={(next) => onChange(next ?? null)}
      options={choicesOf(def['x-options'] ?? [], label)}
      changeOnSelect
      showSearch
      disabled={disabled}
      status={invalid ? 'error' : undefined}
      autoFocus={autoFocus}
    />
  );
}

function pathText(value: Wire, def: FieldDef, locale: string): string {
  let options = def['x-options'];
  const texts = (Array.isArray(value) ? value : []).map((one) => {
    const option = optionOf(options, one);
    options = option?.children;
    return option ? textOf(option.label, locale) : String(one);
  });
  return texts.join(' / ');
}

function ShowPath({ def, value }: ShowProps) {
  const label = useLabel();
  let options = def['x-options'];
  const texts = (Array.isArray(value) ? value : []).map((one) => {
    const option = optionOf(options, one);
    options = option?.children;
    return option ? label(option.label) : String(one);
  });
  return texts.length ? <span className="clip">{texts.join(' / ')}</span> : <Nothing />;
}

const oneText = (value: Wire, def: FieldDef, locale: string) => {
  const option = optionOf(def['x-options'], value);
  return option ? textOf(option.label, locale) : isEmpty(value) ? '' : String(value);
};
const manyText = (value: Wire, def: FieldDef, locale: string) =>
  (Array.isArray(value) ? value : []).map((one) => oneText(one, def, locale)).join(', ');

export const select: FieldUI = { Show: ShowOne, Edit: EditOne, text: oneText, ops: choiceOps, width: 120 };
export const stage: FieldUI = { ...select };
export const multiselect: FieldUI = { Show: ShowMany, Edit: EditMany, text: manyText, ops: manyOps, width: 180 };
export const tags: FieldUI = { ...multiselect };
export const cascade: FieldUI = { Show: ShowPath, Edit: EditPath, text: pathText, ops: manyOps, width: 180 };
