// What other values would take from whom: by pool, owner and tier, tonight and within thirty days.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { RehearsedLeaving } from '../api';
import { Sideways } from '../form/fields/Sideways';
import { anyField, type Form, optionOf, useLabel } from '../meta';
import { useDocumentName } from './useMaintained';

/** More lines than these stand closed, the sum of them above. */
const few = 12;

export function Leaving({ form, lines }: { form?: Form; lines: RehearsedLeaving[] }) {
  const { t } = useTranslation();
  if (!lines.length) return null;
  return (
    <section className="leaving" aria-label={t('leaving.title')}>
      <details open={lines.length <= few}>
        <summary>
          {t('leaving.title')} <span className="quiet">{t('leaving.month')}</span> <Sum lines={lines} />
        </summary>
        <Sideways role="group" aria-label={t('leaving.title')} tabIndex={0}>
          <table className="brief">
            <thead>
              <tr>
                <th>{t('leaving.pool')}</th>
                <th>{t('leaving.owner')}</th>
                <th>{t('leaving.tier')}</th>
                <th className="right">{t('leaving.tonight')}</th>
                <th className="right">{t('leaving.month')}</th>
              </tr>
            </thead>
            <tbody>
              {lines.map((line) => (
                <Line key={`${line.pool} ${line.owner ?? ''} ${line.tier ?? ''}`} form={form} line={line} />
              ))}
            </tbody>
          </table>
        </Sideways>
      </details>
    </section>
  );
}

function Line({ form, line }: { form?: Form; line: RehearsedLeaving }) {
  const { t } = useTranslation();
  const label = useLabel();
  const documentName = useDocumentName();
  const field = form && line.tierField ? anyField(form, line.tierField) : undefined;
  const tier = optionOf(field?.definition['x-options'], line.tier);
  return (
    <>
      <tr>
        <td>{documentName('pool', line.pool)}</td>
        <td>{line.ownerName ?? line.owner ?? <span className="quiet">{t('leaving.unseen')}</span>}</td>
        <td>{tier ? label(tier.label) : (line.tier ?? '—')}</td>
        <Turned {...line.tonight} />
        <Turned {...line.month} />
      </tr>
      {form && line.samples.length > 0 && (
        <tr>
          <td colSpan={5} className="quiet">
            {t('leaving.new')}{' '}
            {line.samples.map((one) => (
              <Link key={one.id} className="clip" to="/f/$form/$id" params={{ form: form.key, id: one.id }}>
                {one.title || one.id}
              </Link>
            ))}
          </td>
        </tr>
      )}
    </>
  );
}

/** All of them within thirty days. */
function Sum({ lines }: { lines: RehearsedLeaving[] }) {
  const sum = (of: 'was' | 'will') => lines.reduce((all, one) => all + one.month[of], 0);
  return <strong className="num">{sum('was') === sum('will') ? sum('will') : `${sum('was')} → ${sum('will')}`}</strong>;
}

/** What it is now, and what it would be where that is another number. */
function Turned({ was, will }: { was: number; will: number }) {
  return <td className="right num">{was === will ? was : <strong>{`${was} → ${will}`}</strong>}</td>;
}
