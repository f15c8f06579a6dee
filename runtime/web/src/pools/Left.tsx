// What is left to somebody of a pool today, and to who manages it how its sweep stands.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRefresh } from '../act/useAct';
import { useSending } from '../act/useSending';
import { type Pool, sweepPool } from '../api';
import { type Form, minute } from '../meta';
import { FaultNotice } from '../shell/FaultNotice';
import { say } from '../shell/toast';
import { SweepSheet } from './SweepSheet';

export function Left({ form, pool }: { form: Form; pool: Pool }) {
  const { t } = useTranslation();
  const { opened, sweep } = pool;
  const claims = pool.rights.includes('claim') ? pool.claims : undefined;
  const held = pool.rights.includes('claim') ? pool.held : undefined;
  if (!claims && !held && !opened && !sweep) return null;
  return (
    <div className="left">
      {claims && <Gauge name={t('pool.claimsLeft')} used={claims.used} most={claims.most} />}
      {held && <Gauge name={t('pool.heldLeft')} used={held.used} most={held.most} />}
      {opened && <Gauge name={t('pool.openedLeft')} used={opened.used} most={opened.most} />}
      {sweep && <Sweep form={form} pool={pool} sweep={sweep} />}
    </div>
  );
}

function Gauge({ name, used, most }: { name: string; used: number; most: number }) {
  const { t } = useTranslation();
  const left = Math.max(0, most - used);
  return (
    <div className={left ? 'gauge' : 'gauge spent'}>
      <span className="quiet">{name}</span>
      <span>
        <strong className="num">{left}</strong> <small className="quiet num">{t('pool.of', { used, most })}</small>
      </span>
      <meter aria-label={name} min={0} max={Math.max(most, 1)} value={Math.min(used, most)} />
    </div>
  );
}

function Sweep({ form, pool, sweep }: { form: Form; pool: Pool; sweep: NonNullable<Pool['sweep']> }) {
  const { t } = useTranslation();
  const refresh = useRefresh(form.key);
  const [looking, setLooking] = useState(false);
  const { send, sending, fault } = useSending(async (_: undefined, key: string) => {
    await sweepPool(form.key, pool.key, { do: 'off' }, key);
    say({ text: t('pool.sweepOffNow') });
    refresh();
  });
  return (
    <>
      <div className="gauge">
        <span className="quiet">{t('pool.sweep')}</span>
        <span>
          <strong>{sweep.on ? t('pool.sweepOn') : t('pool.sweepOff')}</strong>{' '}
          <small className="quiet num">{t('pool.sweepDue', { count: sweep.due, at: minute(sweep.next) })}</small>
        </span>
        <span className="sweep-ways">
          {(!sweep.on || sweep.due > 0) && (
            <button type="button" className="plain" onClick={() => setLooking(true)}>
              {sweep.on ? t('pool.sweepLook') : t('pool.sweepTurnOn')}
            </button>
          )}
          {sweep.on && (
            <button type="button" className="plain" disabled={sending} onClick={() => void send(undefined)}>
              {t('pool.sweepTurnOff')}
            </button>
          )}
        </span>
        <FaultNotice>{fault}</FaultNotice>
      </div>
      {looking && <SweepSheet form={form} pool={pool} sweep={sweep} onClose={() => setLooking(false)} />}
    </>
  );
}
