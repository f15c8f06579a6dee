// Putting many records into the recycle bin, as a job that can be taken back.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AllThatMatch, chosenBy, countBy } from '../act/chosen';
import { useRefresh } from '../act/useAct';
import { useSending } from '../act/useSending';
import { changeMany, type Job, type RecordView } from '../api';
import { useTitle } from '../form/title';
import { JobDone } from '../jobs/JobDone';
import type { Form } from '../meta';
import { FaultNotice } from '../shell/FaultNotice';
import { Sheet } from '../shell/Sheet';
import { SheetFoot } from '../shell/SheetFoot';
import { usePhone } from '../theme/phone';

interface Props {
  form: Form;
  records: RecordView[];
  /** Not those alone, but all that the list finds. */
  all?: AllThatMatch;
  onClose: () => void;
}

export function BulkDelete({ form, records, all, onClose }: Props) {
  const { t } = useTranslation();
  const phone = usePhone();
  const title = useTitle(form);
  const refresh = useRefresh(form.key);
  const [job, setJob] = useState<Job>();
  const count = countBy(records, all);
  const names = new Map(records.map((record) => [record.id, title(record)]));
  const { send, sending, fault } = useSending(async (_: undefined, once: string) =>
    setJob(await changeMany(form.key, 'delete', chosenBy(records, all), undefined, once)),
  );
  return (
    <Sheet title={t('list.delete', { count })} kind={phone ? 'below' : 'centre'} onClose={onClose}>
      {job ? (
        <JobDone job={job} form={form} names={names} onEnded={refresh} onClose={onClose} />
      ) : (
        <>
          <div className="sheet-content">
            <p>{t('bulk.deleteText')}</p>
            {all && <p className="notice">{t('bulk.allText', { count })}</p>}
            <FaultNotice>{fault}</FaultNotice>
          </div>
          <SheetFoot onClose={onClose}>
            <button type="button" className="button danger" disabled={sending} onClick={() => send(undefined)}>
              {sending ? t('act.doing') : t('list.delete', { count })}
            </button>
          </SheetFoot>
        </>
      )}
    </Sheet>
  );
}
