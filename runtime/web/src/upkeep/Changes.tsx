// Changes of values that wait for their day, with a way back, and those that were made.
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useSending } from '../act/useSending';
import { cancelValues, type Maintained, type ValuesChange } from '../api';
import { type Label, minute, useLabel } from '../meta';
import { FaultNotice } from '../shell/FaultNotice';
import { useNumberName, useReader } from './ValuesTable';
import { conditionText, placeOf } from './values';

interface Props {
  kind: string;
  name: string;
  found: Maintained;
}

export function Changes({ kind, name, found }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { send, sending, fault } = useSending(async (id: string, once: string) => {
    await cancelValues(kind, name, id, once);
    await client.invalidateQueries({ queryKey: ['maintained', kind, name] });
  });
  const waiting = found.waiting ?? [];
  const past = found.past ?? [];
  return (
    <>
      {waiting.length > 0 && (
        <section aria-label={t('values.waiting')}>
          <h2>{t('values.waiting')}</h2>
          <FaultNotice>{fault}</FaultNotice>
          <ul className="values-changes">
            {waiting.map((one) => (
              <Change key={one.id} found={found} change={one}>
                <button type="button" className="button" disabled={sending} onClick={() => send(one.id)}>
                  {t('values.cancel')}
                </button>
              </Change>
            ))}
          </ul>
        </section>
      )}
      <section aria-label={t('values.past')}>
        <h2>{t('values.past')}</h2>
        {!past.length && <p className="quiet">{t('values.noPast')}</p>}
        <ul className="values-changes">
          {past.map((one) => (
            <Change key={one.id} found={found} change={one} />
          ))}
        </ul>
      </section>
    </>
  );
}

function Change({ found, change, children }: { found: Maintained; change: ValuesChange; children?: React.ReactNode }) {
  const { t } = useTranslation();
  const label = useLabel();
  const reader = useReader();
  const numberName = useNumberName();
  function nameOf(path: string) {
    const { row, part, key } = placeOf(path);
    if (row === undefined) return numberName(path);
    const columns = [...(found.inputs ?? []), ...(found.outputs ?? [])];
    const when = found.rows?.find((one) => one.row === row)?.when ?? {};
    const said = (found.inputs ?? [])
      .filter((one) => part === 'then' || one.key !== key)
      .map((one) => conditionText(when[one.key], one.of, reader))
      .filter(Boolean);
    return [label(columns.find((one) => one.key === key)?.label as Label | undefined) || key, ...said].join(' · ');
  }
  return (
    <li>
      <header>
        <strong>{change.byName}</strong>
        <span>{t(`valuesState.${change.state}`)}</span>
        <span className="quiet num">
          {change.effectiveFrom ? t('values.fromDay', { day: change.effectiveFrom }) : minute(change.at)}
        </span>
        {children}
      </header>
      {change.note && <p className="lines">{change.note}</p>}
      {change.reason && <p className="fault">{change.reason.message}</p>}
      <ul className="changes">
        {change.values.map((one) => (
          <li key={one.path}>
            <span className="quiet">{nameOf(one.path)}</span>
            <span className="from num">{conditionText(one.from, undefined, reader) || '—'}</span>
            <span aria-hidden="true">→</span>
            <span className="num">{conditionText(one.to, undefined, reader) || '—'}</span>
          </li>
        ))}
      </ul>
    </li>
  );
}
