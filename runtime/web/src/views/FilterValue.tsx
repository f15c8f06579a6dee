// What a condition compares with.
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Picker } from '../form/fields/reference';
import { registry } from '../form/fields/registry';
import { useSource } from '../form/fields/source';
import { Select } from '../inputs';
import { type Condition, type FieldDef, me, spans, useLabel } from '../meta';

interface Props {
  def: FieldDef;
  condition: Condition;
  onChange: (value: unknown) => void;
}

const named = new Set(['member', 'members', 'orgunit', 'orgunits', 'zone', 'reference', 'references']);
const people = new Set(['member', 'members']);

export function FilterValue({ def, condition, onChange }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const kind = def['x-field'];
  const label = t('filter.value');
  if (condition.op === 'empty' || condition.op === 'notEmpty') return null;
  if (condition.op === 'during') {
    return (
      <Select
        className="full"
        aria-label={label}
        value={condition.value as string | undefined}
        options={spans.map((span) => ({ value: span, label: t(`span.${span}`) }))}
        onChange={onChange}
      />
    );
  }
  if (kind === 'boolean') {
    return (
      <Select
        className="full"
        aria-label={label}
        value={condition.value as boolean | undefined}
        options={[
          { value: true, label: t('value.yes') },
          { value: false, label: t('value.no') },
        ]}
        onChange={onChange}
      />
    );
  }
  if (named.has(kind)) return <NamedValue def={def} condition={condition} onChange={onChange} />;
  if (Array.isArray(def['x-options'])) return <OptionValue def={def} condition={condition} onChange={onChange} />;
  if (kind === 'tags') {
    const value = Array.isArray(condition.value) ? condition.value : [];
    return <Select className="full" mode="tags" open={false} aria-label={label} value={value} onChange={onChange} />;
  }
  const { Edit } = registry[kind === 'multiline' || kind === 'markdown' ? 'text' : kind];
  return <Edit id={id} def={def} value={condition.value} onChange={onChange} label={label} />;
}

function OptionValue({ def, condition, onChange }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const flat = (options: NonNullable<FieldDef['x-options']>): { value: string; label: string }[] =>
    options.flatMap((option) => [{ value: option.value, label: label(option.label) }, ...flat(option.children ?? [])]);
  return (
    <Select
      className="full"
      mode="multiple"
      aria-label={t('filter.value')}
      value={Array.isArray(condition.value) ? condition.value : []}
      options={flat(def['x-options'] ?? [])}
      optionFilterProp="label"
      onChange={onChange}
    />
  );
}

function NamedValue({ def, condition, onChange }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const found = useSource(def);
  const mine = { id: me, title: t('filter.me') };
  const isPeople = people.has(def['x-field']);
  const source = isPeople
    ? {
        ...found,
        key: `${found.key}+me`,
        find: async (q: string, s: AbortSignal) => [...(q ? [] : [mine]), ...(await found.find(q, s))],
      }
    : found;
  const value = Array.isArray(condition.value) ? condition.value.map((one) => (one === me ? mine : one)) : [];
  return (
    <Picker
      id={id}
      def={def}
      many
      source={source}
      label={t('filter.value')}
      value={value}
      onChange={(next) => onChange((next as { id: string }[]).map((ref) => (ref.id === me ? me : ref)))}
    />
  );
}
