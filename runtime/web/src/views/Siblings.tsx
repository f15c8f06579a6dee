// Who else works on the same target, each in a pool of their own, and who has won it.
import { useTranslation } from 'react-i18next';
import type { RecordView, Sibling } from '../api';
import { registry } from '../form/fields/registry';
import { type Form, stageOf, useLabel } from '../meta';

export function Siblings({ form, record }: { form: Form; record: RecordView }) {
  const { t, i18n } = useTranslation();
  const label = useLabel();
  const nameOf = (key: string) => label(form.pools?.find((pool) => pool.key === key)?.label) || key;
  const stage = stageOf(form)?.definition;

  function told({ pool, stage: at, followedUpOn, won }: Sibling) {
    const parts = [t(won ? 'siblings.won' : 'siblings.works', { pool: nameOf(pool) })];
    if (at && stage && !won) parts.push(registry[stage['x-field']].text(at, stage, i18n.language));
    if (followedUpOn) parts.push(t('siblings.followedUp', { day: followedUpOn }));
    return parts.join(t('siblings.and'));
  }

  return (
    <>
      {record.won && <li>{t('siblings.mine')}</li>}
      {record.closed && <li>{t('siblings.closed')}</li>}
      {record.siblings
        ?.filter((one) => one.won || !one.closed)
        .map((one) => (
          <li key={one.pool}>{told(one)}</li>
        ))}
    </>
  );
}
