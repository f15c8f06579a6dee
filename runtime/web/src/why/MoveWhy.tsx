// Why the engine moved a record: what its line of history keeps of the rule that decided.
import { useTranslation } from 'react-i18next';
import type { Wire } from '../api';
import { type Form, minute, useLabel } from '../meta';

/** What may be told of, in this order; the rest is for programs. */
const told = [
  'pool',
  'rule',
  'distribution',
  'path',
  'clock',
  'limit',
  'held',
  'deadline',
  'kept',
  'version',
  'seed',
] as const;

export function MoveWhy({ form, detail }: { form: Form; detail: Record<string, Wire> }) {
  const { t } = useTranslation();
  const label = useLabel();
  function textOf(key: (typeof told)[number], value: Wire): string {
    if (key === 'pool') return label(form.pools?.find((pool) => pool.key === value)?.label) || String(value);
    if (key === 'limit')
      return t(`whyUnit.${detail.unit ?? 'calendarDay'}`, { count: Number(value), defaultValue: String(value) });
    if (key === 'clock' || key === 'deadline')
      return minute(typeof value === 'number' ? new Date(value).toISOString() : value);
    if (key === 'held') return t('whyMove.heldSo');
    return Array.isArray(value) ? value.map(String).join(' → ') : String(value);
  }
  const facts = told.filter((key) => detail[key] !== undefined && detail[key] !== null && detail[key] !== '');
  if (!facts.length) return null;
  return (
    <details className="move-why">
      <summary>{t('why.move')}</summary>
      <dl>
        {facts.map((key) => (
          <div key={key}>
            <dt className="quiet">{t(`whyMove.${key}`)}</dt>
            <dd className="num">{textOf(key, detail[key])}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
