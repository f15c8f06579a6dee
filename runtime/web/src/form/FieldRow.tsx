// One field of a form: its label, its input, its help and what is wrong with it.
import { memo, type ReactNode } from 'react';
import type { FieldState, Wire } from '../api';
import { type Field, type FieldDef, useLabel } from '../meta';
import { registry } from './fields/registry';

interface Props {
  field: Field;
  def: FieldDef;
  value: Wire;
  state: FieldState;
  issues?: Record<string, string>;
  onChange: (field: string, value: Wire) => void;
  onTouch: (field: string) => void;
  prefix: string;
  /** What else there is to say of the value. */
  children?: ReactNode;
}

export const FieldRow = memo(function FieldRow(props: Props) {
  const { field, def, value, state, issues, onChange, onTouch, prefix, children } = props;
  const label = useLabel();
  const { Show, Edit, wide, group } = registry[def['x-field']];
  const id = `${prefix}-${field.key}`;
  const fault = issues?.[''];
  const help = label(field.definition['x-help']);
  const text = (
    <>
      {state.required && !state.readOnly && (
        <span className="must" aria-hidden="true">
          *{' '}
        </span>
      )}
      {label(field.definition['x-label'])}
    </>
  );
  const name =
    group || state.readOnly ? (
      <span className="name">{text}</span>
    ) : (
      <label className="name" htmlFor={id}>
        {text}
      </label>
    );
  const described = [fault && `${id}-fault`, help && `${id}-help`].filter(Boolean).join(' ') || undefined;
  const grouping = group
    ? { role: 'group', 'aria-label': label(field.definition['x-label']) }
    : { role: 'presentation' };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears that the focus has left the input within
    <div
      className={wide ? 'field wide' : 'field'}
      data-field={field.key}
      {...grouping}
      onBlur={() => onTouch(field.key)}
    >
      {name}
      {state.readOnly ? (
        <div className="still">
          <Show def={def} value={value} full />
        </div>
      ) : (
        <Edit
          id={id}
          def={def}
          value={value}
          onChange={(next) => onChange(field.key, next)}
          invalid={Boolean(fault)}
          describedBy={described}
          issues={issues}
        />
      )}
      {help && (
        <small id={`${id}-help`} className="quiet help">
          {help}
        </small>
      )}
      {children}
      {fault && (
        <small id={`${id}-fault`} className="fault" role="alert">
          {fault}
        </small>
      )}
    </div>
  );
});
