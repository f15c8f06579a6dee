// One value for a field of many records, as a job that can be taken back.
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AllThatMatch, chosenBy, countBy } from '../act/chosen';
import { useRefresh } from '../act/useAct';
import { useSending } from '../act/useSending';
import { changeMany, type Job, type RecordView, type Wire } from '../api';
import { registry } from '../form/fields/registry';
import { useTitle } from '../form/title';
import { changesToSend } from '../form/values';
import { JobDone } from '../jobs/JobDone';
import { type Field, type Form, useLabel, useWorld, valuesOf } from '../meta';
import { FaultNotice } from '../shell/FaultNotice';
import { Sheet } from '../shell/Sheet';
import { SheetFoot } from '../shell/SheetFoot';
import { usePhone } from '../theme/phone';

/** Kinds that make no sense to be the same on many records, or have no input of one line. */
const single = new Set(['table', 'attachment', 'image', 'signature', 'richtext', 'json', 'autonumber']);

export const bulkFields = (form: Form): Field[] =>
  form.fields.filter(
    (field) =>
      !field.readOnly && !field.computed && !single.has(field.definition['x-field']) && !field.definition['x-unique'],
  );

interface Props {
  form: Form;
  records: RecordView[];
  /** Not those alone, but all that the list finds. */
  all?: AllThatMatch;
  onClose: () => void;
}

export function BulkEdit({ form, records, all, onClose }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const phone = usePhone();
  const id = useId();
  const { catalog } = useWorld();
  const title = useTitle(form);
  const refresh = useRefresh(form.key);
  const fields = bulkFields(form);
  const [key, setKey] = useState('');
  const [value, setValue] = useState<Wire>(null);
  const [job, setJob] = useState<Job>();
  const count = countBy(records, all);
  const field = fields.find((one) => one.key === key);
  const def = field && valuesOf(catalog, form, field.definition);
  const Edit = def && registry[def['x-field']].Edit;
  const names = new Map(records.map((record) => [record.id, title(record)]));
  const { send, sending, fault } = useSending(async (_: undefined, once: string) => {
    const values = changesToSend(form, { [key]: value });
    setJob(await changeMany(form.key, 'update', chosenBy(records, all), values, once));
  });
  return (
    <Sheet title={t('bulk.edit')} kind={phone ? 'below' : 'centre'} onClose={onClose}>
      {job ? (
        <JobDone job={job} form={form} names={names} onEnded={refresh} onClose={onClose} />
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (key) void send(undefined);
          }}
        >
          <div className="sheet-content">
            <p>
              <strong className="num">{t('act.many', { count })}</strong>
            </p>
            {all && <p className="notice">{t('bulk.allText', { count })}</p>}
            <label className="field wide">
              <span className="name">{t('bulk.field')}</span>
              <select
                className="select-input"
                value={key}
                onChange={(event) => {
                  setKey(event.target.value);
                  setValue(null);
                }}
              >
                <option value="">{t('bulk.choose')}</option>
                {fields.map((one) => (
                  <option key={one.key} value={one.key}>
                    {label(one.definition['x-label'])}
                  </option>
                ))}
              </select>
            </label>
            {field && def && Edit && (
              <div className="field wide" data-field={key}>
                <label className="name" htmlFor={`${id}-value`}>
                  {t('bulk.value')}
                </label>
                <Edit
                  key={key}
                  id={`${id}-value`}
                  def={def}
                  value={value}
                  onChange={setValue}
                  label={t('bulk.value')}
                />
                <small className="quiet">{t('bulk.empty')}</small>
              </div>
            )}
            <FaultNotice>{fault}</FaultNotice>
          </div>
          <SheetFoot onClose={onClose}>
            <button type="submit" className="button primary" disabled={!key || sending}>
              {sending ? t('act.doing') : t('bulk.run', { count })}
            </button>
          </SheetFoot>
        </form>
      )}
    </Sheet>
  );
}
