// A record's fields to read: sections, label above value, an em dash for what is empty.
import { useState } from 'react';
import type { RecordView } from '../api';
import { registry } from '../form/fields/registry';
import { isEmpty } from '../form/fields/ui';
import { type Drawn, type Opened, Tabbed } from '../form/Tabbed';
import { type Field, type Form, partsOf, stageOf, useLabel, useWorld, valuesOf } from '../meta';
import { WhyButton } from '../why/WhyButton';
import { WhyPanel } from '../why/WhyPanel';
import '../form/form.css';

interface Props {
  form: Form;
  record: RecordView;
  tab: Opened;
}

export function Attributes({ form, record, tab }: Props) {
  const label = useLabel();
  const { catalog } = useWorld();
  const stage = stageOf(form);
  const [why, setWhy] = useState<Field>();
  // What the section is called already is not said twice.
  const sameAs = (part: Parameters<typeof label>[0], field: Field) =>
    Boolean(part) && label(part) === label(field.definition['x-label']);
  const parts = partsOf(form).flatMap((part): Drawn[] => {
    // A field that rules hide has no value to show; whether they hide it now, only the server knows.
    const fields = part.fields.filter(
      (field) => field !== stage && (!field.definition['x-visibleIf'] || !isEmpty(record.values[field.key])),
    );
    return fields.length ? [{ ...part, fields }] : [];
  });
  const draw = (part: Drawn) => (
    <dl className="attributes">
      {part.fields.map((field) => {
        const def = valuesOf(catalog, form, field.definition);
        const { Show, wide } = registry[def['x-field']];
        return (
          <div key={field.key} className={wide ? 'field wide' : 'field'}>
            <dt className={sameAs(part.label, field) ? 'sr' : undefined}>{label(field.definition['x-label'])}</dt>
            <dd>
              <Show def={def} value={record.values[field.key]} full />
              {field.computed && <WhyButton name={label(field.definition['x-label'])} onAsk={() => setWhy(field)} />}
            </dd>
          </div>
        );
      })}
    </dl>
  );
  return (
    <>
      <Tabbed form={form} parts={parts} draw={draw} opened={tab} />
      {why && (
        <WhyPanel
          form={form}
          id={record.id}
          field={why.key}
          title={label(why.definition['x-label'])}
          onClose={() => setWhy(undefined)}
        />
      )}
    </>
  );
}
