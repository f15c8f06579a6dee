// Who else works on the same target, each in a pool of their own, and who has won it.
import { useTranslation } from 'react-i18next';
import type { RecordView, Sibling } from '../api';
import { registry } from '../form/fields/registry';
import { type Form, fieldOf, useLabel } from '../meta';

export function Siblings({ form, record }: { form: Form; record: RecordView }) {
  const { t, i18n } = useTranslation();
  const label = useLabel();
  const poolOf = (key: string) => form.pools?.find((pool) => pool.key === key);
  const nameOf = (key: string) => label(poolOf(key)?.label) || key;

  function told({ pool, stage: at, followedUpOn, won }: Sibling) {
    const parts = [t(won ? 'siblings.won' : 'siblings.works', { pool: nameOf(pool) })];
    const stage = fieldOf(form, poolOf(pool)?.stage ?? '')?.definition;
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
          <li key={one.pool}>{one.said ? <Opened says={told(one)} said={one.said} /> : told(one)}</li>
        ))}
    </>
  );
}

/** What the last follow-ups of a sibling say, where its pool opens that. */
function Opened({ says, said }: { says: string; said: NonNullable<Sibling['said']> }) {
  return (
    <details className="opened">
      <summary>{says}</summary>
      <ul>
        {said.map((one, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two of one day may say the same, and none of them changes its place
          <li key={n}>
            <time dateTime={one.on}>{one.on}</time> {one.text}
          </li>
        ))}
      </ul>
    </details>
  );
}
