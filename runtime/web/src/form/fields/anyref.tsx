// A record of one of several forms: which form first, then which of its records.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Ref, Wire } from '../../api';
import { Select } from '../../inputs';
import { formOf, useLabel, useWorld } from '../../meta';
import { RecordLink, RecordTitle } from './link';
import { isRef, Picker } from './reference';
import { useSource } from './source';
import { Nothing } from './text';
import { choiceOps, type EditProps, type FieldUI, type ShowProps } from './ui';

type AnyRef = Ref & { form: string };
const anyOf = (value: Wire): AnyRef | undefined => (isRef(value) && 'form' in value ? (value as AnyRef) : undefined);
const text = (value: Wire) => {
  const ref = anyOf(value);
  return ref ? (ref.title ?? ref.id) : isRef(value) ? (value.title ?? value.id) : '';
};

function ShowAny({ value, full }: ShowProps) {
  const { catalog } = useWorld();
  const label = useLabel();
  const ref = anyOf(value);
  if (!ref) return text(value) ? <span className="clip">{text(value)}</span> : <Nothing />;
  const form = label(formOf(catalog, ref.form)?.label) || ref.form;
  return (
    <span className="any-ref">
      <span className="quiet">{form}</span>
      {full ? <RecordLink form={ref.form} record={ref} /> : <RecordTitle record={ref} />}
    </span>
  );
}

function EditAny(props: EditProps) {
  const { def, value, onChange, disabled, label: name } = props;
  const { t } = useTranslation();
  const { catalog } = useWorld();
  const label = useLabel();
  const ref = anyOf(value);
  const forms = (def['x-refs'] ?? []).filter((key) => formOf(catalog, key)?.rights.read || key === ref?.form);
  const [chosen, setChosen] = useState(ref?.form ?? forms[0] ?? '');
  const form = ref?.form ?? chosen;
  const source = useSource({ ...def, 'x-field': 'reference', 'x-ref': form });
  return (
    <span className="any-ref edit">
      <Select
        aria-label={`${name ? `${name} ` : ''}${t('anyref.form')}`}
        value={form || undefined}
        options={forms.map((key) => ({ value: key, label: label(formOf(catalog, key)?.label) || key }))}
        onChange={(next) => {
          setChosen(next);
          onChange(null);
        }}
        disabled={disabled}
      />
      <Picker
        {...props}
        many={false}
        source={source}
        value={ref ?? null}
        onChange={(next) => onChange(isRef(next) ? { ...next, form } : null)}
      />
    </span>
  );
}

export const anyref: FieldUI = { Show: ShowAny, Edit: EditAny, text, ops: choiceOps, width: 200 };
