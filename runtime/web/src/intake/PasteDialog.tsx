// Cells pasted onto a list: first what would become of each record, then, if that is meant, so it is, with a way back.
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRefresh } from '../act/useAct';
import { useSending } from '../act/useSending';
import { importFile, type Job, lookAt, uploadFile } from '../api';
import { useTitle } from '../form/title';
import type { Form } from '../meta';
import { FaultNotice } from '../shell/FaultNotice';
import { Sheet } from '../shell/Sheet';
import { SheetFoot } from '../shell/SheetFoot';
import { Outcome } from './Outcome';
import { fileOf, reading, requestOf, type Target } from './paste';
import './intake.css';

interface Props {
  form: Form;
  target: Target;
  onClose: () => void;
}

export function PasteDialog({ form, target, onClose }: Props) {
  const { t } = useTranslation();
  const title = useTitle(form);
  const refresh = useRefresh(form.key);
  const [trial, setTrial] = useState<Job>();
  const [job, setJob] = useState<Job>();
  const [ready, setReady] = useState<{ look: Awaited<ReturnType<typeof lookAt>>; file: string }>();
  const { send, sending, fault } = useSending(async (dryRun: boolean, once: string) => {
    const file = ready?.file ?? (await uploadFile(fileOf(target))).id;
    const look = ready?.look ?? (await lookAt(form.key, file, reading));
    setReady({ look, file });
    const made = await importFile(form.key, requestOf(target, look, file, dryRun), once);
    if (dryRun) setTrial(made);
    else setJob(made);
  });
  const worth = target.columns.length > 0 && target.records.length > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is tried once, as soon as it was pasted
  useEffect(() => {
    if (worth) void send(true);
  }, []);
  // Row 1 has the names of the columns.
  const nameOf = (row: number) => {
    const record = target.records[row - 2];
    return record ? title(record) : '';
  };
  const foot = (can: boolean) => (
    <SheetFoot onClose={onClose}>
      <button type="button" className="button primary" disabled={!can || sending} onClick={() => send(false)}>
        {sending ? t('act.doing') : t('paste.run')}
      </button>
    </SheetFoot>
  );
  return (
    <Sheet title={t('paste.title')} kind="wide" onClose={onClose}>
      <div className="sheet-content paste">
        <p className="num">
          {t('paste.text', { records: target.records.length, columns: target.columns.length })}{' '}
          <span className="quiet">{target.columns.map(({ column }) => column.title).join(' · ')}</span>
        </p>
        {target.fixed.length > 0 && (
          <p className="notice">
            {t('paste.fixed', { names: target.fixed.map((column) => column.title).join(' · ') })}
          </p>
        )}
        {target.below > 0 && <p className="notice">{t('paste.below', { count: target.below })}</p>}
        <FaultNotice>{fault}</FaultNotice>
        {job ? (
          <Outcome key={job.id} form={form} job={job} onEnded={refresh} nameOf={nameOf} brief />
        ) : trial ? (
          <Outcome key={trial.id} form={form} job={trial} trial nameOf={nameOf} brief>
            {foot}
          </Outcome>
        ) : (
          worth && !fault && <p role="status">{t('act.doing')}</p>
        )}
      </div>
      {job ? <SheetFoot onClose={onClose} done /> : !trial && foot(false)}
    </Sheet>
  );
}
