// Handing out what lies in a pool: among whom, how, and what each would get, before anything is done.
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRefresh } from '../act/useAct';
import { useSending } from '../act/useSending';
import { type Deal, dealOut, type Job, type Pool, previewDeal, type Ref } from '../api';
import { registry } from '../form/fields/registry';
import { useSettled } from '../form/fields/source';
import { JobProgress } from '../jobs/JobProgress';
import { type FieldDef, type Form, useLabel } from '../meta';
import { FaultNotice } from '../shell/FaultNotice';
import { Sheet } from '../shell/Sheet';
import { SheetFoot } from '../shell/SheetFoot';
import { usePhone } from '../theme/phone';
import { Fault } from '../views/Fault';
import { DrawSheet } from './DrawSheet';
import { dealOf, digits, type Mode, type Person } from './deal';
import { Shares } from './Shares';

const modes: Mode[] = ['randomEven', 'weighted', 'leastLoaded'];
const members: FieldDef = { 'x-field': 'members', 'x-label': { 'zh-CN': '', en: '' } };
/** How long a choice stands before it is tried, ms. */
const pause = 400;

interface Props {
  form: Form;
  pool: Pool;
  onClose: () => void;
}

export function DealDialog({ form, pool, onClose }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const phone = usePhone();
  const refresh = useRefresh(form.key);
  const [job, setJob] = useState<Job>();
  const [drawn, setDrawn] = useState(false);
  if (drawn && job) return <DrawSheet form={form} pool={pool} job={job.id} onClose={onClose} />;
  return (
    <Sheet title={t('pool.dealTitle', { name: label(pool.label) })} kind={phone ? 'below' : 'wide'} onClose={onClose}>
      {job ? (
        <>
          <div className="sheet-content">
            <JobProgress job={job} form={form} onEnded={refresh} />
          </div>
          <SheetFoot onClose={onClose} done>
            <button type="button" className="button" onClick={() => setDrawn(true)}>
              {t('pool.verify')}
            </button>
          </SheetFoot>
        </>
      ) : (
        <Choices form={form} pool={pool} onClose={onClose} onJob={setJob} />
      )}
    </Sheet>
  );
}

function Choices({ form, pool, onClose, onJob }: Props & { onJob: (job: Job) => void }) {
  const { t } = useTranslation();
  const id = useId();
  const ready = pool.distributions ?? [];
  const [rule, setRule] = useState(ready[0]?.id ?? '');
  const [mode, setMode] = useState<Mode>('randomEven');
  const [people, setPeople] = useState<Person[]>([]);
  const [take, setTake] = useState('');
  const [reason, setReason] = useState('');
  const deal = dealOf(rule, mode, people, take);
  const tried = useSettled(JSON.stringify(deal ?? null), pause);
  const preview = useQuery({
    queryKey: ['pools', form.key, pool.key, 'preview', tried],
    queryFn: ({ signal }) => previewDeal(form.key, pool.key, JSON.parse(tried) as Deal, signal),
    enabled: tried !== 'null',
    retry: false,
    staleTime: 0,
  });
  const { send, sending, fault } = useSending(async (input: Deal, key: string) =>
    onJob(await dealOut(form.key, pool.key, input, key)),
  );
  const Members = registry.members.Edit;
  const change = (user: string, part: Partial<Person>) =>
    setPeople((now) => now.map((one) => (one.id === user ? { ...one, ...part } : one)));

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (deal) void send(rule && reason.trim() ? { ...deal, reason: reason.trim() } : deal);
      }}
    >
      <div className="sheet-content">
        {ready.length > 0 && (
          <fieldset className="reasons">
            <legend className="name">{t('pool.how')}</legend>
            {[...ready.map((one) => one.id), ''].map((one) => (
              <label key={one} className="choice-line">
                <input type="radio" name={id} checked={rule === one} onChange={() => setRule(one)} />
                <span>{one ? t('pool.byRule', { name: one }) : t('pool.byHand')}</span>
              </label>
            ))}
          </fieldset>
        )}
        {!rule && (
          <>
            <div className="segments" role="group" aria-label={t('pool.mode')}>
              {modes.map((one) => (
                <button key={one} type="button" aria-pressed={one === mode} onClick={() => setMode(one)}>
                  {t(`dealMode.${one}`)}
                </button>
              ))}
            </div>
            <p className="quiet">{t(`dealHelp.${mode}`)}</p>
            <div className="field wide">
              <label className="name" htmlFor={`${id}-people`}>
                {t('pool.among')}
              </label>
              <Members
                id={`${id}-people`}
                def={members}
                value={people}
                onChange={(next) =>
                  setPeople(
                    (next as Ref[]).map(
                      (one) => people.find((before) => before.id === one.id) ?? { ...one, weight: '1', most: '' },
                    ),
                  )
                }
              />
            </div>
            <label className="field take">
              <span className="name">{t('pool.take')}</span>
              <input
                className="text-input"
                inputMode="numeric"
                value={take}
                placeholder={t('pool.takeAll')}
                onChange={(event) => setTake(digits(event.target.value))}
              />
            </label>
          </>
        )}
        {rule && (
          <label className="field wide">
            <span className="name">{t('pool.again')}</span>
            <input className="text-input" value={reason} onChange={(event) => setReason(event.target.value)} />
          </label>
        )}
        {preview.isError && <Fault error={preview.error} />}
        {deal ? (
          <Shares
            people={rule ? [] : people}
            mode={mode}
            preview={preview.data}
            busy={preview.isFetching}
            onChange={change}
          />
        ) : (
          <p className="quiet" id={`${id}-why`}>
            {t('pool.choosePeople')}
          </p>
        )}
        <FaultNotice>{fault}</FaultNotice>
      </div>
      <SheetFoot onClose={onClose}>
        <button
          type="submit"
          className="button primary"
          disabled={!deal || sending || !preview.data?.dealt}
          aria-describedby={deal ? undefined : `${id}-why`}
        >
          {preview.data ? t('pool.dealCount', { count: preview.data.dealt }) : t('pool.deal')}
        </button>
      </SheetFoot>
    </form>
  );
}
