// What each would get of a hand-out; by hand also what decides it.
import { useTranslation } from 'react-i18next';
import type { previewDeal } from '../api';
import { digits, type Mode, type Person } from './deal';

interface SharesProps {
  people: Person[];
  mode: Mode;
  preview: Awaited<ReturnType<typeof previewDeal>> | undefined;
  busy: boolean;
  onChange: (user: string, part: Partial<Person>) => void;
}

export function Shares({ people, mode, preview, busy, onChange }: SharesProps) {
  const { t } = useTranslation();
  const most = Math.max(1, ...(preview?.people ?? []).map((one) => one.count));
  const asked = new Map(people.map((one) => [one.id, one]));
  const rows = people.length
    ? people.map((one) => ({
        user: one.id,
        name: one.title ?? one.id,
        ...preview?.people.find((p) => p.user === one.id),
      }))
    : (preview?.people ?? []);
  return (
    <section className="shares" aria-label={t('pool.preview')} aria-busy={busy}>
      {preview && (
        <p className="num" role="status">
          {t('pool.previewText', { candidates: preview.candidates, dealt: preview.dealt, left: preview.left })}
        </p>
      )}
      <table className="brief">
        <thead>
          <tr>
            <th>{t('pool.person')}</th>
            {people.length > 0 && mode === 'weighted' && <th className="narrow">{t('pool.weight')}</th>}
            {people.length > 0 && <th className="narrow">{t('pool.most')}</th>}
            <th className="right narrow load">{t('pool.load')}</th>
            <th className="right narrow">{t('pool.gets')}</th>
            <th className="bars">
              <span className="sr">{t('pool.share')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const own = asked.get(row.user);
            return (
              <tr key={row.user}>
                <td>{row.name}</td>
                {own && mode === 'weighted' && (
                  <td>
                    <input
                      className="text-input small"
                      inputMode="numeric"
                      aria-label={t('pool.weightOf', { name: row.name })}
                      value={own.weight}
                      onChange={(event) => onChange(row.user, { weight: digits(event.target.value).slice(0, 3) })}
                    />
                  </td>
                )}
                {own && (
                  <td>
                    <input
                      className="text-input small"
                      inputMode="numeric"
                      aria-label={t('pool.mostOf', { name: row.name })}
                      value={own.most}
                      onChange={(event) => onChange(row.user, { most: digits(event.target.value) })}
                    />
                  </td>
                )}
                <td className="right num load">{row.load ?? '—'}</td>
                <td className="right num">
                  <strong>{row.count ?? '—'}</strong>
                </td>
                <td>
                  <span className="share-bar" style={{ width: `${((row.count ?? 0) / most) * 100}%` }} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
