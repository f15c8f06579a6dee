// Makes the record that a field is to name, without leaving the form that the field is in.
import { useMemo } from 'react';
import { createPortal } from 'react-dom';
import type { Ref } from '../api';
import { type Form, fieldOf } from '../meta';
import { QuickCreate } from '../views/QuickCreate';
import { useTitle } from './title';

interface Props {
  form: Form;
  /** What it is called, as far as it was typed. */
  title: string;
  onClose: () => void;
  onMade: (record: Ref) => void;
}

export function Making({ form, title, onClose, onMade }: Props) {
  const nameOf = useTitle(form);
  const begin = useMemo(() => {
    const field = fieldOf(form, form.title);
    const isTyped = field?.definition['x-field'] === 'text' && !field.readOnly && !field.computed;
    return title && isTyped ? { [form.title]: title } : {};
  }, [form, title]);
  return createPortal(
    // A form within a form: what happens in it is not the outer one's.
    // biome-ignore lint/a11y/noStaticElementInteractions: it only keeps events of the form within
    <div
      role="presentation"
      onSubmit={(event) => event.stopPropagation()}
      onKeyDown={(event) => event.stopPropagation()}
      onBlur={(event) => event.stopPropagation()}
    >
      <QuickCreate
        form={form}
        begin={begin}
        // What was begun under another name is another one.
        about={`named ${title}`}
        onClose={onClose}
        waits
        onSaved={(record) => onMade({ id: record.id, title: nameOf(record) })}
      />
    </div>,
    document.body,
  );
}
