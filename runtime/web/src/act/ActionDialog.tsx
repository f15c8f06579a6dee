// What an action asks for before it is done, drawn from its description; for many records also what came of it.
import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ActInput, actOnMany, type Job, type RecordView, type Values } from '../api';
import { FieldRow } from '../form/FieldRow';
import { useTitle } from '../form/title';
import { JobProgress } from '../jobs/JobProgress';
import { type ActionView, type Form, useLabel } from '../meta';
import { Sheet } from '../shell/Sheet';
import { usePhone } from '../theme/phone';
import { argsOf, askOf, fieldFor, missingOf } from './asking';
import { type AllThatMatch, chosenBy, countBy } from './chosen';
import { ReasonInput } from './ReasonInput';
import { useCarryOut, useRefresh } from './useAct';
import { useSending } from './useSending';
import './act.css';
import { FaultNotice } from '../shell/FaultNotice';
import { SheetFoot } from '../shell/SheetFoot';

interface Props {
  form: Form;
  action: ActionView;
  /** None where it is about none. */
  records: RecordView[];
  /** Not those alone, but all that the list finds. */
  all?: AllThatMatch;
  /** Carries it out where it is about no record. */
  onForm?: (input: ActInput, key: string) => Promise<void>;
  onClose: () => void;
  /** It is done; for many, the job has ended. */
  onDone?: () => void;
  onGone?: () => void;
}

export function ActionDialog({ form, action, records, all, onForm, onClose, onDone, onGone }: Props) {
  const label = useLabel();
  const phone = usePhone();
  const [job, setJob] = useState<Job>();
  const refresh = useRefresh(form.key);
  const title = useTitle(form);
  const names = new Map(records.map((record) => [record.id, title(record)]));
  const ended = () => {
    refresh();
    onDone?.();
  };
  return (
    <Sheet title={label(action.label)} onClose={onClose} kind={phone ? 'below' : 'centre'}>
      {job ? (
        <>
          <div className="sheet-content">
            <JobProgress job={job} form={form} names={names} onEnded={ended} />
          </div>
          <SheetFoot onClose={onClose} done />
        </>
      ) : (
        <Questions
          form={form}
          action={action}
          records={records}
          all={all}
          onForm={onForm}
          onClose={onClose}
          onGone={onGone}
          onDone={() => {
            onDone?.();
            onClose();
          }}
          onJob={setJob}
        />
      )}
    </Sheet>
  );
}

type QuestionsProps = Required<Pick<Props, 'form' | 'action' | 'records' | 'onClose' | 'onDone'>> & {
  all?: AllThatMatch;
  onForm?: Props['onForm'];
  onGone?: () => void;
  onJob: (job: Job) => void;
};

function Questions({ form, action, records, all, onForm, onClose, onDone, onGone, onJob }: QuestionsProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const title = useTitle(form);
  const prefix = useId();
  const carryOut = useCarryOut(form, onGone);
  const [answers, setAnswers] = useState<Values>({});
  const [reason, setReason] = useState('');
  const ask = askOf(action, records);
  const pools = [...new Set(records.map((record) => record.pool?.key ?? ''))];
  const [first] = records;

  const { send, sending, fault, issues } = useSending(async (input: ActInput, key: string) => {
    if (onForm) {
      await onForm(input, key);
      onDone();
    } else if (records.length === 1 && first && !all) {
      await carryOut(action, first, input, key);
      onDone();
    } else {
      onJob(await actOnMany(form.key, action.key, chosenBy(records, all), input, key));
    }
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    const missing = missingOf(ask, answers, reason);
    void send({ args: argsOf(ask, answers), reason: reason.trim() }, missing);
  }
  return (
    <form onSubmit={submit}>
      <div className="sheet-content">
        {!onForm && (
          <p className="act-on">
            {records.length === 1 && first && !all ? (
              <strong className="clip">{title(first) || t('record.untitled')}</strong>
            ) : (
              <strong className="num">{t('act.many', { count: countBy(records, all) })}</strong>
            )}
          </p>
        )}
        {all && <p className="notice">{t('bulk.allText', { count: all.count })}</p>}
        {action.confirm && <p>{label(action.confirm)}</p>}
        {ask.args?.map((arg) => (
          <FieldRow
            key={arg.key}
            field={{ key: arg.key, definition: fieldFor(arg, form) }}
            def={fieldFor(arg, form, arg.required && pools.length === 1 ? pools : [])}
            value={answers[arg.key]}
            state={{ visible: true, required: Boolean(arg.required), readOnly: false }}
            issues={issues[arg.key] ? { '': issues[arg.key] as string } : undefined}
            onChange={(key, value) => setAnswers((now) => ({ ...now, [key]: value }))}
            onTouch={() => undefined}
            prefix={prefix}
          />
        ))}
        <ReasonInput ask={ask} value={reason} onChange={setReason} issue={issues.reason} />
        <FaultNotice>{fault}</FaultNotice>
      </div>
      <SheetFoot onClose={onClose}>
        <button
          type="submit"
          className={action.kind === 'danger' ? 'button danger' : 'button primary'}
          disabled={sending}
        >
          {sending ? t('act.doing') : label(action.label)}
        </button>
      </SheetFoot>
    </form>
  );
}
