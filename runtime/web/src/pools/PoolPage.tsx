// A form's pools: what lies in them, what is about to come back to them, and how they are handed out.
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listPools, type Pool } from '../api';
import { type Form, useForm, useLabel } from '../meta';
import { NotFound } from '../shell/NotFound';
import { Fault } from '../views/Fault';
import { DealDialog } from './DealDialog';
import { Dealt } from './Dealt';
import { Leaving } from './Leaving';
import { Left } from './Left';
import { Waiting } from './Waiting';
import '../views/views.css';
import './pools.css';

const route = getRouteApi('/f/$form/pool');

export function PoolPage() {
  const { form: key } = route.useParams();
  const form = useForm(key);
  return form?.pools?.length ? <Pools key={key} form={form} /> : <NotFound />;
}

const tabs = ['waiting', 'leaving', 'dealt'] as const;
type Tab = (typeof tabs)[number];

function Pools({ form }: { form: Form }) {
  const { t } = useTranslation();
  const label = useLabel();
  const navigate = useNavigate();
  const search = route.useSearch();
  const query = useQuery({
    queryKey: ['pools', form.key],
    queryFn: ({ signal }) => listPools(form.key, signal),
  });
  const pools = query.data?.pools ?? [];
  const pool = pools.find((one) => one.key === search.pool) ?? pools.find(canClaim) ?? pools[0];
  const tab: Tab = tabs.find((one) => one === search.tab) ?? 'waiting';
  const [dealing, setDealing] = useState(false);
  const go = (change: object) =>
    void navigate({ to: '.', search: (now: object) => ({ ...now, ...change }), replace: true });

  useEffect(() => {
    document.title = t('pool.title', { name: label(form.label) });
  }, [t, form, label]);

  return (
    <>
      <header className="head">
        <h1 className="clip">{t('pool.title', { name: label(form.label) })}</h1>
        <div className="end">
          {pool?.rights.some((right) => right === 'assign' || right === 'manage') && (
            <button type="button" className="button primary" onClick={() => setDealing(true)}>
              {t('pool.deal')}
            </button>
          )}
        </div>
      </header>
      {query.isError && (
        <div className="empty">
          <Fault error={query.error} onRetry={() => query.refetch()} />
        </div>
      )}
      {query.data && !pool && (
        <main className="empty">
          <h2>{t('pool.none')}</h2>
          <p>{t('pool.noneText')}</p>
        </main>
      )}
      {pool && (
        <>
          <div className="toolbar pool-bar" role="toolbar" aria-label={t('pool.title', { name: label(form.label) })}>
            {pools.length > 1 && (
              <Segments
                name={t('pool.pools')}
                options={pools.map((one) => ({ key: one.key, text: label(one.label) }))}
                value={pool.key}
                onChange={(key) => go({ pool: key })}
              />
            )}
            <Segments
              name={t('pool.parts')}
              options={tabs.map((key) => ({ key, text: t(`poolTab.${key}`) }))}
              value={tab}
              onChange={(key) => go({ tab: key })}
            />
          </div>
          <Left form={form} pool={pool} />
          <main className="scroll pool-main" key={`${pool.key} ${tab}`}>
            {tab === 'waiting' && <Waiting form={form} pool={pool} />}
            {tab === 'leaving' && <Leaving form={form} pool={pool} />}
            {tab === 'dealt' && <Dealt form={form} pool={pool} />}
          </main>
        </>
      )}
      {dealing && pool && <DealDialog form={form} pool={pool} onClose={() => setDealing(false)} />}
    </>
  );
}

const canClaim = (pool: Pool) => pool.rights.includes('claim');

interface SegmentsProps {
  name: string;
  options: { key: string; text: string }[];
  value: string;
  onChange: (key: string) => void;
}

function Segments({ name, options, value, onChange }: SegmentsProps) {
  return (
    <div className="segments views" role="group" aria-label={name}>
      {options.map(({ key, text }) => (
        <button key={key} type="button" aria-pressed={key === value} onClick={() => onChange(key)}>
          {text}
        </button>
      ))}
    </div>
  );
}
