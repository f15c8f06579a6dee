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
import { Sheet } from '../shell/Sheet';
import { usePhone } from '../theme/phone';
import { Fault } from '../views/Fault';
import { DrawSheet } from './DrawSheet';

type Mode = NonNullable<Deal['mode']>;
const modes: Mode[] = ['randomEven', 'weighted', 'leastLoaded'];
const members: FieldDef = { 'x-field': 'members', 'x-label': { 'zh-CN': '', en: '' } };
/** How long a choice stands before it is tried, ms. */
const pause = 400;

interface Person extends Ref {
  weight: string;
  most: string;
}

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
          <footer className="sheet-foot">
            <button type="button" className="button" onClick={() => setDrawn(true)}>
              {t('pool.verify')}
            </button>
            <button type="button" className="button primary" onClick={onClose}>
              {t('action.close')}
            </button>
          </footer>
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
          <p className="quiet">{t('pool.choosePeople')}</p>
        )}
        {fault && (
          <p className="notice bad" role="alert">
            {fault}
          </p>
        )}
      </div>
      <footer className="sheet-foot">
        <button type="button" className="button" onClick={onClose}>
          {t('action.cancel')}
        </button>
        <button type="submit" className="button primary" disabled={!deal || sending || !preview.data?.dealt}>
          {preview.data ? t('pool.dealCount', { count: preview.data.dealt }) : t('pool.deal')}
        </button>
      </footer>
    </form>
  );
}

const digits = (text: string) => text.replace(/\D/g, '').slice(0, 5);

function dealOf(rule: string, mode: Mode, people: Person[], take: string): Deal | undefined {
  if (rule) return { distribution: rule };
  if (!people.length) return undefined;
  return {
    mode,
    ...(Number(take) ? { take: Number(take) } : {}),
    people: people.map(({ id, weight, most }) => ({
      user: id,
      ...(mode === 'weighted' ? { weight: Number(weight) || 1 } : {}),
      ...(Number(most) ? { most: Number(most) } : {}),
    })),
  };
}

interface SharesProps {
  people: Person[];
  mode: Mode;
  preview: Awaited<ReturnType<typeof previewDeal>> | undefined;
  busy: boolean;
  onChange: (user: string, part: Partial<Person>) => void;
}

/** What each would get; by hand also what decides it. */
function Shares({ people, mode, preview, busy, onChange }: SharesProps) {
  const { t } = useTranslation();
  const most = Math.max(1, ...(preview?.people ?? []).map((one) => one.count));
  const asked = new Map(people.map((one) => [one.id, one]));
  const rows = people.length
    ? people.map((one) => ({
        user: one.id,
        name: one.title ?? one.id,
        ...preview?.people.find((p) => p.user === one.id),
      }))
    : (preview?.people ?? []);
  return (
    <section className="shares" aria-label={t('pool.preview')} aria-busy={busy}>
      {preview && (
        <p className="num" role="status">
          {t('pool.previewText', { candidates: preview.candidates, dealt: preview.dealt, left: preview.left })}
        </p>
      )}
      <table className="brief">
        <thead>
          <tr>
            <th>{t('pool.person')}</th>
            {people.length > 0 && mode === 'weighted' && <th className="narrow">{t('pool.weight')}</th>}
            {people.length > 0 && <th className="narrow">{t('pool.most')}</th>}
            <th className="right narrow load">{t('pool.load')}</th>
            <th className="right narrow">{t('pool.gets')}</th>
            <th className="bars">
              <span className="sr">{t('pool.share')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const own = asked.get(row.user);
            return (
              <tr key={row.user}>
                <td>{row.name}</td>
                {own && mode === 'weighted' && (
                  <td>
                    <input
                      className="text-input small"
                      inputMode="numeric"
                      aria-label={t('pool.weightOf', { name: row.name })}
                      value={own.weight}
                      onChange={(event) => onChange(row.user, { weight: digits(event.target.value).slice(0, 3) })}
                    />
                  </td>
                )}
                {own && (
                  <td>
                    <input
                      className="text-input small"
                      inputMode="numeric"
                      aria-label={t('pool.mostOf', { name: row.name })}
                      value={own.most}
                      onChange={(event) => onChange(row.user, { most: digits(event.target.value) })}
                    />
                  </td>
                )}
                <td className="right num load">{row.load ?? '—'}</td>
                <td className="right num">
                  <strong>{row.count ?? '—'}</strong>
                </td>
                <td>
                  <span className="share-bar" style={{ width: `${((row.count ?? 0) / most) * 100}%` }} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
