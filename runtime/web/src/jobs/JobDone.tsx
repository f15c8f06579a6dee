// In a dialog: a change of records while it works, its report, and its way back.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSending } from '../act/useSending';
import { type Job, undoJob } from '../api';
import type { Form } from '../meta';
import { FaultNotice } from '../shell/FaultNotice';
import { SheetFoot } from '../shell/SheetFoot';
import { JobProgress } from './JobProgress';
import { useJob } from './useJob';

interface Props {
  job: Job;
  form: Form;
  names: Map<string, string>;
  onEnded: () => void;
  onClose: () => void;
}

export function JobDone({ job: begun, form, names, onEnded, onClose }: Props) {
  const { t } = useTranslation();
  const { job } = useJob(begun);
  const [undone, setUndone] = useState<Job>();
  const { send, sending, fault } = useSending(async () => setUndone(await undoJob(job.id)));
  return (
    <>
      <div className="sheet-content">
        <JobProgress job={begun} form={form} names={names} onEnded={onEnded} />
        {undone && <JobProgress job={undone} form={form} names={names} onEnded={onEnded} />}
        <FaultNotice>{fault}</FaultNotice>
      </div>
      <SheetFoot onClose={onClose} done>
        {job.undoable && !undone && (
          <button type="button" className="button" disabled={sending} onClick={() => send(undefined)}>
            {t('action.undo')}
          </button>
        )}
      </SheetFoot>
    </>
  );
}
