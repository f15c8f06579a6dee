// How a pool was handed out: its draws, each to be dealt again, and what everybody has got so far.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { getLedger, listDraws, type Pool } from '../api';
import { Person } from '../form/fields/reference';
import { type Form, minute } from '../meta';
import { Fault } from '../views/Fault';
import { DrawSheet } from './DrawSheet';

export function Dealt({ form, pool }: { form: Form; pool: Pool }) {
  const { t } = useTranslation();
  const draws = useQuery({
    queryKey: ['pools', form.key, pool.key, 'draws'],
    queryFn: () => listDraws(form.key, pool.key),
    retry: false,
  });
  const lines = draws.data?.draws ?? [];
  const kinds = [...new Set(['', ...lines.map((line) => line.distribution ?? '')])];
  const [kind, setKind] = useState('');
  const ledger = useQuery({
    queryKey: ['pools', form.key, pool.key, 'ledger', kind],
    queryFn: () => getLedger(form.key, pool.key, kind || undefined),
    retry: false,
  });
  const [job, setJob] = useState('');
  const shares = ledger.data?.people ?? [];
  const most = Math.max(1, ...shares.map((share) => share.got));
  if (draws.isError) {
    return (
      <div className="empty">
        <Fault error={draws.error} onRetry={() => draws.refetch()} />
      </div>
    );
  }
  return (
    <div className="dealt">
      <section aria-label={t('pool.draws')}>
        <h2>{t('pool.draws')}</h2>
        {draws.data && !lines.length && <p className="quiet">{t('pool.noDraws')}</p>}
        <ul className="draw-list">
          {lines.map((line) => (
            <li key={line.job}>
              <button type="button" className="plain" onClick={() => setJob(line.job)}>
                <span>{line.distribution ? t('pool.byRule', { name: line.distribution }) : t('pool.byHand')}</span>
                <span className="quiet num">{line.at ? minute(line.at) : line.period}</span>
                {line.by && <Person person={line.by} />}
                <span className="more">{t('pool.verify')}</span>
              </button>
            </li>
          ))}
        </ul>
      </section>
      <section aria-label={t('pool.ledger')}>
        <h2>{t('pool.ledger')}</h2>
        <p className="quiet">{t('pool.ledgerText')}</p>
        {kinds.length > 1 && (
          <div className="segments" role="group" aria-label={t('pool.how')}>
            {kinds.map((one) => (
              <button key={one} type="button" aria-pressed={one === kind} onClick={() => setKind(one)}>
                {one ? t('pool.byRule', { name: one }) : t('pool.byHand')}
              </button>
            ))}
          </div>
        )}
        {ledger.data && !shares.length && <p className="quiet">{t('pool.noLedger')}</p>}
        <ul className="ledger">
          {shares.map((share) => (
            <li key={share.user.id}>
              <Person person={share.user} />
              <span className="share-bar" style={{ width: `${(share.got / most) * 100}%` }} />
              <strong className="num">{share.got}</strong>
            </li>
          ))}
        </ul>
      </section>
      {job && <DrawSheet form={form} pool={pool} job={job} onClose={() => setJob('')} />}
    </div>
  );
}
