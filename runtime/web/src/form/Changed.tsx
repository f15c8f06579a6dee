// What changed of a field: its name, what it held and what it holds.
import type { FieldChange, Wire } from '../api';
import { type Form, fieldOf, useLabel, useWorld, valuesOf } from '../meta';
import { registry } from './fields/registry';

/** Nothing of a field that the reader's catalog does not have. */
export function Changed({ form, change }: { form: Form; change: FieldChange }) {
  const label = useLabel();
  const { catalog } = useWorld();
  const field = fieldOf(form, change.field);
  if (!field) return null;
  const def = valuesOf(catalog, form, field.definition);
  const { Show } = registry[def['x-field']];
  return (
    <>
      <span className="quiet">{label(field.definition['x-label'])}</span>
      <span className="from">
        <Show def={def} value={change.from as Wire} />
      </span>
      <span aria-hidden="true">→</span>
      <span>
        <Show def={def} value={change.to as Wire} />
      </span>
    </>
  );
}
