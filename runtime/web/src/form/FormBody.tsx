// The fields of a form in their sections, as the rules would have them for the draft as it stands.
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldState } from '../api';
import { type Field, type Form, partsOf, useWorld, valuesOf } from '../meta';
import { Duplicates } from './Duplicates';
import { FieldRow } from './FieldRow';
import { Inline } from './inline';
import { type Drawn, type Opened, Tabbed, useWrongTab } from './Tabbed';
import type { RecordForm } from './useRecordForm';
import './form.css';

interface Props {
  form: Form;
  state: RecordForm;
  /** Narrows what is shown; what is wrong is shown all the same. */
  only?: (field: Field, state: FieldState) => boolean;
  /** Which tab is open, where others share it; otherwise it is the form's own matter. */
  tab?: Opened;
}

export function FormBody({ form, state, only, tab }: Props) {
  const own = useState<string>();
  const opened: Opened = tab ?? own;
  const { t } = useTranslation();
  const { catalog } = useWorld();
  const prefix = useId();
  const required = new Set(form.required);

  // Before the first answer, the catalog's own word stands.
  function stateOf(field: Field): FieldState {
    const ruled = state.said?.fields[field.key];
    const first = {
      visible: !field.definition['x-visibleIf'],
      required: required.has(field.key),
      readOnly: Boolean(field.readOnly),
    };
    return ruled ?? first;
  }

  // What was not touched yet is not wrong yet, unless somebody has tried to save.
  function issuesOf(field: Field) {
    const issues = state.wrong.fields[field.key];
    return issues && (state.attempted || state.touched.has(field.key)) ? issues : undefined;
  }

  // Told where the last of the fields that decide it stands; undefined elsewhere, so that those need no new look.
  function alikeBy(field: Field) {
    const found = state.alike.filter(({ fields }) => fields.at(-1) === field.key);
    return found.length ? <Duplicates form={form} found={found} /> : undefined;
  }

  const parts = partsOf(form).flatMap((part): Drawn[] => {
    const fields = part.fields.filter((field) => {
      const now = stateOf(field);
      return now.visible && (!only || only(field, now) || Boolean(issuesOf(field)));
    });
    if (!fields.length) return [];
    // Of a few fields none is to be looked for.
    const tab = only ? undefined : part.tab;
    return [{ ...part, fields, tab, wrong: fields.filter(issuesOf).length }];
  });
  useWrongTab(state.refused, parts, opened, form);

  const draw = ({ fields }: Drawn) => (
    <div className="fields">
      {fields.map((field) => (
        <FieldRow
          key={field.key}
          prefix={prefix}
          field={field}
          def={valuesOf(catalog, form, field.definition)}
          value={state.values[field.key]}
          state={stateOf(field)}
          issues={issuesOf(field)}
          onChange={state.set}
          onTouch={state.touch}
        >
          {alikeBy(field)}
        </FieldRow>
      ))}
    </div>
  );
  return (
    <Inline value={true}>
      <Tabbed form={form} parts={parts} draw={draw} rest={t('form.other')} opened={opened} />
    </Inline>
  );
}
