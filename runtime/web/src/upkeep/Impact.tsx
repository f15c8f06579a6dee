// What other values would come to: what forbids them, what is worth a thought, and what would become of the records.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { getRehearsal, type ProblemLine, type Rehearsal, type RehearsedEffect, type ValuesCheck } from '../api';
import { anyField, type Form, formOf, minute, useLabel, useWorld } from '../meta';
import { Fault } from '../views/Fault';
import { Leaving } from './Leaving';
import { useDocumentName } from './useMaintained';
import { useNumberName } from './ValuesTable';
import { alike, documentOf } from './values';

/** How often a job that finds it is asked, ms. */
const often = 1_000;

export function Impact({ check }: { check: ValuesCheck }) {
  const { t } = useTranslation();
  return (
    <section className="impact" aria-label={t('values.impact')}>
      {alike(check.errors).map((lines) => (
        <Problem key={lines[0].path + lines[0].message} lines={lines} bad />
      ))}
      {alike(check.warnings).map((lines) => (
        <Problem key={lines[0].path + lines[0].message} lines={lines} />
      ))}
      {check.impact.map(({ form, found, job }) =>
        found ? <Found key={form} found={found} /> : job && <Finding key={form} job={job} />,
      )}
      {check.ok && !check.impact.length && <p className="quiet">{t('values.noForms')}</p>}
    </section>
  );
}

/** The same problem of several documents, said once: many pools follow one table. */
function Problem({ lines, bad }: { lines: [ProblemLine, ...ProblemLine[]]; bad?: boolean }) {
  const numberName = useNumberName();
  const documentName = useDocumentName();
  const homes = lines.map(({ file }) => documentOf(file)).filter((home) => home !== undefined);
  return (
    <p className={bad ? 'notice bad' : 'notice'} role={bad ? 'alert' : undefined}>
      {homes.some(({ kind }) => kind === 'pool') && <strong>{numberName(lines[0].path)}</strong>} {lines[0].message}{' '}
      <span className="quiet">{homes.map(({ kind, key }) => documentName(kind, key)).join(' · ')}</span>
    </p>
  );
}

function Finding({ job }: { job: string }) {
  const query = useQuery({
    queryKey: ['rehearsal', job],
    queryFn: ({ signal }) => getRehearsal(job, signal),
    refetchInterval: ({ state }) => (state.data?.ended || state.error ? false : often),
  });
  if (query.isError) return <Fault error={query.error} onRetry={() => query.refetch()} />;
  return query.data ? <Found found={query.data} /> : null;
}

function Found({ found }: { found: Rehearsal }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { catalog } = useWorld();
  const form = formOf(catalog, found.form);
  const name = form ? label(form.label) : found.form;
  return (
    <div>
      <h3>{name}</h3>
      <p role="status" className="num">
        {found.ended
          ? t('values.affected', { affected: found.affected, total: found.total })
          : t('values.examined', { examined: found.examined, total: found.total })}
      </p>
      <ul className="effects">
        {found.effects.map((effect) => (
          <Effect key={`${effect.kind} ${effect.name} ${effect.who ?? ''}`} form={form} effect={effect} />
        ))}
      </ul>
      <Leaving form={form} lines={found.leaving} />
      {Boolean(found.omitted) && <p className="quiet">{t('values.omitted', { count: found.omitted })}</p>}
    </div>
  );
}

const said = (value: unknown): string => {
  if (value === null || value === undefined) return '—';
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) return minute(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

function Effect({ form, effect }: { form?: Form; effect: RehearsedEffect }) {
  const { t } = useTranslation();
  const label = useLabel();
  const documentName = useDocumentName();
  const field = form && anyField(form, effect.name);
  const name = field ? label(field.definition['x-label']) : documentName('pool', effect.name);
  return (
    <li>
      <details>
        <summary>
          {t(`effect.${effect.kind}`, { name, defaultValue: name })} <strong className="num">{effect.count}</strong>
          {effect.whoName && <span className="quiet"> {effect.whoName}</span>}
        </summary>
        <ul>
          {effect.samples.map((one) => (
            <li key={one.id}>
              {form ? (
                <Link className="clip" to="/f/$form/$id" params={{ form: form.key, id: one.id }}>
                  {one.title || one.id}
                </Link>
              ) : (
                (one.title ?? one.id)
              )}
              {(one.from !== undefined || one.to !== undefined) && (
                <span className="num quiet">
                  {said(one.from)} → {said(one.to)}
                </span>
              )}
            </li>
          ))}
        </ul>
      </details>
    </li>
  );
}
