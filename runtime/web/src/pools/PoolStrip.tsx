// The ways from somebody's home to the pools in which they may do something, with what is left to them today.
import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { listPools } from '../api';
import { useLabel, useWorld } from '../meta';
import './pools.css';

export function PoolStrip() {
  const { t } = useTranslation();
  const label = useLabel();
  const { catalog } = useWorld();
  const forms = catalog.forms.filter((form) => form.pools?.length && form.rights.read);
  const answers = useQueries({
    queries: forms.map((form) => ({
      queryKey: ['pools', form.key],
      queryFn: ({ signal }: { signal: AbortSignal }) => listPools(form.key, signal),
      staleTime: 30_000,
    })),
  });
  const shown = forms.flatMap((form, index) => {
    const pools = answers[index]?.data?.pools ?? [];
    return pools.length ? [{ form, pools }] : [];
  });
  if (!shown.length) return null;
  return (
    <nav className="pool-strip" aria-label={t('pool.ways')}>
      {shown.map(({ form, pools }) => {
        const mine = pools.filter((pool) => pool.rights.includes('claim'));
        const claims = mine.find((pool) => pool.claims)?.claims;
        const held = mine.find((pool) => pool.held)?.held;
        const due = pools.reduce((sum, pool) => sum + (pool.sweep?.due ?? 0), 0);
        return (
          <Link key={form.key} to="/f/$form/pool" params={{ form: form.key }}>
            <strong>{t('pool.title', { name: label(form.label) })}</strong>
            {claims && (
              <span className="quiet num">
                {t('pool.claimsLine', { count: Math.max(0, claims.most - claims.used) })}
              </span>
            )}
            {held && <span className="quiet num">{t('pool.heldLine', { used: held.used, most: held.most })}</span>}
            {due > 0 && <span className="quiet num">{t('pool.dueLine', { count: due })}</span>}
          </Link>
        );
      })}
    </nav>
  );
}
