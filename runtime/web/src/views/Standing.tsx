// How a record stands: in which pool, for how long its owner has it, and why one may not change it.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordView } from '../api';
import { type Form, minute, useLabel } from '../meta';
import { WhyPanel } from '../why/WhyPanel';
import { Siblings } from './Siblings';

type Asked = { field: 'reclaimAt' } | { right: 'update' };

export function Standing({ form, record, title }: { form: Form; record: RecordView; title: string }) {
  const { t } = useTranslation();
  const label = useLabel();
  const [asked, setAsked] = useState<Asked>();
  const { pool } = record;
  const home = form.pools?.find((one) => one.key === pool?.key);
  if (!home && record.rights.update && !record.closed) return null;
  return (
    <ul className="standing">
      {home && <li>{label(home.label)}</li>}
      <Siblings form={form} record={record} />
      {pool?.reclaimAt && (
        <li>
          {t('standing.reclaimAt', { at: minute(pool.reclaimAt) })}
          <button type="button" className="plain" onClick={() => setAsked({ field: 'reclaimAt' })}>
            {t('pool.keeps')}
          </button>
        </li>
      )}
      {pool?.lockedUntil && <li>{t('standing.lockedUntil', { at: minute(pool.lockedUntil) })}</li>}
      {!record.rights.update && !record.deletedAt && (
        <li>
          {t('standing.readOnly')}
          <button type="button" className="plain" onClick={() => setAsked({ right: 'update' })}>
            {t('pool.keeps')}
          </button>
        </li>
      )}
      {asked && <WhyPanel form={form} id={record.id} title={title} {...asked} onClose={() => setAsked(undefined)} />}
    </ul>
  );
}
