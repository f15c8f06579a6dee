// What is left to somebody of a pool today, and to who manages it how its sweep stands.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRefresh } from '../act/useAct';
import { type Pool, sweepPool } from '../api';
import { type Form, minute } from '../meta';
import { say } from '../shell/toast';
import { useFaultText } from '../views/Fault';

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
  const text = useFaultText();
  const refresh = useRefresh(form.key);
  const [busy, setBusy] = useState(false);
  async function turn() {
    setBusy(true);
    try {
      await sweepPool(form.key, pool.key, sweep.on ? 'off' : 'on');
      say({ text: sweep.on ? t('pool.sweepOffNow') : t('pool.sweepOnNow') });
      refresh();
    } catch (error) {
      say({ text: text(error), bad: true });
    } finally {
      setBusy(false);
    }
  }
  return (
    <div className="gauge">
      <span className="quiet">{t('pool.sweep')}</span>
      <span>
        <strong>{sweep.on ? t('pool.sweepOn') : t('pool.sweepOff')}</strong>{' '}
        <small className="quiet num">{t('pool.sweepDue', { count: sweep.due, at: minute(sweep.next) })}</small>
      </span>
      <button type="button" className="plain" disabled={busy} onClick={turn}>
        {sweep.on ? t('pool.sweepTurnOff') : t('pool.sweepTurnOn')}
      </button>
    </div>
  );
}
