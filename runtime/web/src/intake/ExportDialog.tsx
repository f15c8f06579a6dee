// What a list shows, as a file.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSending } from '../act/useSending';
import { exportRecords, fileAddress, type Job } from '../api';
import { JobProgress } from '../jobs/JobProgress';
import { useJob } from '../jobs/useJob';
import { type Field, type Form, useLabel } from '../meta';
import { FaultNotice } from '../shell/FaultNotice';
import { Sheet } from '../shell/Sheet';
import { SheetFoot } from '../shell/SheetFoot';
import { usePhone } from '../theme/phone';
import type { ListQuestion } from '../views/useRecords';

type Format = 'xlsx' | 'csv';

interface Props {
  form: Form;
  fields: Field[];
  question: ListQuestion;
  onClose: () => void;
}

export function ExportDialog({ form, fields, question, onClose }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const phone = usePhone();
  const [format, setFormat] = useState<Format>('xlsx');
  const [every, setEvery] = useState(false);
  const [job, setJob] = useState<Job>();
  const { send, sending, fault } = useSending(async (_: undefined, key: string) => {
    const { view, filter, q, sort } = question;
    const own = fields.filter((field) => form.fields.some((one) => one.key === field.key)).map((field) => field.key);
    const asked = { view, q: q || undefined, sort: sort || undefined, filter: filter ? JSON.parse(filter) : undefined };
    setJob(await exportRecords(form.key, { ...asked, format, columns: every ? [] : own }, key));
  });
  return (
    <Sheet title={t('export.title', { name: label(form.label) })} kind={phone ? 'below' : 'centre'} onClose={onClose}>
      <div className="sheet-content">
        {job ? (
          <Ready job={job} />
        ) : (
          <>
            <p>{t('export.text')}</p>
            <div className="segments" role="group" aria-label={t('export.format')}>
              {(['xlsx', 'csv'] as const).map((one) => (
                <button key={one} type="button" aria-pressed={one === format} onClick={() => setFormat(one)}>
                  {t(`exportFormat.${one}`)}
                </button>
              ))}
            </div>
            <label className="choice-line">
              <input type="checkbox" checked={every} onChange={(event) => setEvery(event.target.checked)} />
              {t('export.every')}
            </label>
            <FaultNotice>{fault}</FaultNotice>
          </>
        )}
      </div>
      <SheetFoot onClose={onClose} done={Boolean(job)}>
        {!job && (
          <button type="button" className="button primary" disabled={sending} onClick={() => send(undefined)}>
            {sending ? t('act.doing') : t('export.run')}
          </button>
        )}
      </SheetFoot>
    </Sheet>
  );
}

function Ready({ job: begun }: { job: Job }) {
  const { t } = useTranslation();
  const { job } = useJob(begun);
  return (
    <>
      <JobProgress job={begun} />
      {job.result && (
        <a className="button primary" href={fileAddress(job.result)} download>
          {t('export.fetch')}
        </a>
      )}
    </>
  );
}
