// The fields of a form in their sections, as the rules would have them for the draft as it stands.
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldState } from '../api';
import { type Field, type Form, partsOf, useLabel, useWorld, valuesOf } from '../meta';
import { Duplicates } from './Duplicates';
import { FieldRow } from './FieldRow';
import { Inline } from './inline';
import type { RecordForm } from './useRecordForm';
import './form.css';

interface Props {
  form: Form;
  state: RecordForm;
  /** Narrows what is shown; what is wrong is shown all the same. */
  only?: (field: Field, state: FieldState) => boolean;
}

export function FormBody({ form, state, only }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
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

  return (
    <Inline value={true}>
      {partsOf(form).map((part) => {
        const fields = part.fields.filter((field) => {
          const now = stateOf(field);
          return now.visible && (!only || only(field, now) || Boolean(issuesOf(field)));
        });
        if (!fields.length) return null;
        return (
          <section key={part.key} className="form-part" aria-label={part.label ? label(part.label) : t('form.other')}>
            <h2>{part.label ? label(part.label) : t('form.other')}</h2>
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
          </section>
        );
      })}
    </Inline>
  );
}
