// Making one record out of two: which one stays, and what it takes over from the other.
import { SwapOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRefresh } from '../act/useAct';
import { useSending } from '../act/useSending';
import { type Job, type MergePreview, mergeRecords, previewMerge, type RecordView, type Wire } from '../api';
import { isRef } from '../form/fields/reference';
import { registry } from '../form/fields/registry';
import { isTooLong, Length } from '../form/Length';
import { useTitle } from '../form/title';
import { JobDone } from '../jobs/JobDone';
import { type Field, type Form, fieldOf, formOf, useLabel, useWorld, valuesOf } from '../meta';
import { FaultNotice } from '../shell/FaultNotice';
import { Sheet } from '../shell/Sheet';
import { SheetFoot } from '../shell/SheetFoot';
import { Fault } from './Fault';

interface Props {
  form: Form;
  /** The two, or one that another is to be chosen for. */
  records: RecordView[];
  onClose: () => void;
}

export function MergeDialog({ form, records, onClose }: Props) {
  const { t } = useTranslation();
  const [pair, setPair] = useState(() => rightWay(records));
  const [job, setJob] = useState<Job>();
  const refresh = useRefresh(form.key);
  const [keep, drop] = pair;
  const query = useQuery({
    queryKey: ['merge', form.key, keep, drop],
    queryFn: ({ signal }) => previewMerge(form.key, keep ?? '', drop ?? '', signal),
    enabled: Boolean(keep && drop) && !job,
    gcTime: 0,
  });
  return (
    <Sheet title={t('merge.title')} onClose={onClose} kind="wide">
      {job ? (
        <JobDone job={job} form={form} names={new Map()} onEnded={refresh} onClose={onClose} />
      ) : (
        <>
          {!drop && <Other form={form} onChoose={(id) => setPair([keep, id])} />}
          {query.isError && (
            <div className="sheet-content">
              <Fault error={query.error} onRetry={() => query.refetch()} />
            </div>
          )}
          {query.data && (
            <Choice
              key={keep}
              form={form}
              preview={query.data}
              onSwap={() => setPair([drop, keep])}
              onMerged={(begun) => {
                setJob(begun);
                void refresh();
              }}
              onClose={onClose}
            />
          )}
          {!query.data && <SheetFoot onClose={onClose} />}
        </>
      )}
    </Sheet>
  );
}

/** The one that stays must be one's to change, the other one's to delete; of two that may be either the older stays. */
function rightWay(records: RecordView[]): (string | undefined)[] {
  const [first, second] = [...records].sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt));
  if (first && second && !(first.rights.update && second.rights.delete)) return [second.id, first.id];
  return [first?.id, second?.id];
}

function Other({ form, onChoose }: { form: Form; onChoose: (id: string) => void }) {
  const { t } = useTranslation();
  const id = useId();
  const { Edit } = registry.reference;
  return (
    <div className="sheet-content">
      <div className="field wide">
        <label className="name" htmlFor={id}>
          {t('merge.other')}
        </label>
        <Edit
          id={id}
          def={{ 'x-field': 'reference', 'x-ref': form.key, 'x-label': form.label }}
          value={null}
          onChange={(chosen) => isRef(chosen) && onChoose(chosen.id)}
          label={t('merge.other')}
        />
      </div>
    </div>
  );
}

/** A reason is a sentence or two: it stands in the timeline. */
const maxReason = 500;

interface ChoiceProps {
  form: Form;
  preview: MergePreview;
  onSwap: () => void;
  onMerged: (job: Job) => void;
  onClose: () => void;
}

function Choice({ form, preview, onSwap, onMerged, onClose }: ChoiceProps) {
  const { t } = useTranslation();
  const title = useTitle(form);
  const { keep, drop } = preview;
  const fields = preview.fields.flatMap((key) => fieldOf(form, key) ?? []);
  // What is empty here and there is something of there: nobody wants to lose that.
  const [taken, setTaken] = useState(
    () =>
      new Set(
        fields.filter(({ key }) => isNothing(keep.values[key]) && !isNothing(drop.values[key])).map(({ key }) => key),
      ),
  );
  const [reason, setReason] = useState('');
  const id = useId();
  const { send, sending, fault } = useSending(async (_: undefined, once: string) =>
    onMerged(await mergeRecords(form.key, preview, [...taken], reason.trim(), once)),
  );
  function choose(key: string, isTaken: boolean) {
    const next = new Set(taken);
    if (isTaken) next.add(key);
    else next.delete(key);
    setTaken(next);
  }
  return (
    <>
      <div className="sheet-content">
        <p>
          {t('merge.text', { keep: title(keep) || t('record.untitled'), drop: title(drop) || t('record.untitled') })}
        </p>
        <button type="button" className="button" onClick={onSwap}>
          <SwapOutlined aria-hidden="true" /> {t('merge.swap')}
        </button>
        {fields.length === 0 && <p className="notice good">{t('merge.same')}</p>}
        {fields.map((field) => (
          <Versions
            key={field.key}
            form={form}
            field={field}
            preview={preview}
            taken={taken.has(field.key)}
            onChoose={choose}
          />
        ))}
        <Moves preview={preview} />
        <div className="field wide">
          <label className="name" htmlFor={id}>
            {t('merge.reason')}
          </label>
          <input
            id={id}
            className="text-input"
            aria-describedby={`${id}-length`}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
          <Length id={`${id}-length`} text={reason} max={maxReason} />
        </div>
        <FaultNotice>{fault}</FaultNotice>
      </div>
      <SheetFoot onClose={onClose}>
        <button
          type="button"
          className="button primary"
          disabled={sending || isTooLong(reason, maxReason)}
          onClick={() => send(undefined)}
        >
          {sending ? t('act.doing') : t('merge.run')}
        </button>
      </SheetFoot>
    </>
  );
}

const isNothing = (value: Wire | undefined) => value == null || value === '' || (Array.isArray(value) && !value.length);

interface VersionsProps {
  form: Form;
  field: Field;
  preview: MergePreview;
  taken: boolean;
  onChoose: (key: string, taken: boolean) => void;
}

function Versions({ form, field, preview, taken, onChoose }: VersionsProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const { catalog } = useWorld();
  const title = useTitle(form);
  const def = valuesOf(catalog, form, field.definition);
  const { Show } = registry[def['x-field']];
  return (
    <fieldset className="versions">
      <legend>{label(field.definition['x-label'])}</legend>
      {[preview.keep, preview.drop].map((record) => {
        const isDrop = record === preview.drop;
        const value = record.values[field.key] as Wire;
        return (
          <label key={record.id} className={isDrop === taken ? 'version on' : 'version'}>
            <span>
              <input
                type="radio"
                name={`merge-${field.key}`}
                checked={isDrop === taken}
                onChange={() => onChoose(field.key, isDrop)}
              />{' '}
              {title(record) || t('record.untitled')}
            </span>
            {isNothing(value) ? (
              <span className="quiet">{t('merge.nothing')}</span>
            ) : (
              <Show def={def} value={value} full />
            )}
          </label>
        );
      })}
    </fieldset>
  );
}

function Moves({ preview }: { preview: MergePreview }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { catalog } = useWorld();
  if (!preview.moves.length) return null;
  return (
    <>
      <p>{t('merge.moves')}</p>
      <dl className="counts">
        {preview.moves.map(({ form, count }) => (
          <div key={form}>
            <dt>{label(formOf(catalog, form)?.label)}</dt>
            <dd className="num">{count.exact ? count.value : `${count.value}+`}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
