// The first passwords of new people: shown this once, to be handed out, and changed by each at their first sign-in.
import { useTranslation } from 'react-i18next';
import type { StaffLine } from '../api';
import { say } from '../shell/toast';

export function FirstPasswords({ rows }: { rows: StaffLine[] }) {
  const { t } = useTranslation();
  const made = rows.filter((row) => row.password);
  if (!made.length) return null;

  async function copy() {
    const lines = made.map((row) => [row.name, row.username, row.password].join('\t'));
    try {
      await navigator.clipboard.writeText(lines.join('\n'));
      say({ text: t('staff.copied', { count: made.length }) });
    } catch {
      say({ text: t('staff.notCopied'), bad: true });
    }
  }

  return (
    <section aria-label={t('staff.passwords')}>
      <h2>{t('staff.passwords')}</h2>
      <p className="notice">{t('staff.passwordsText')}</p>
      <button type="button" className="button" onClick={() => void copy()}>
        {t('staff.copy')}
      </button>
      <section className="rows-scroll passwords" tabIndex={0} aria-label={t('staff.passwords')}>
        <table className="rows">
          <thead>
            <tr>
              <th>{t('staff.name')}</th>
              <th>{t('staff.username')}</th>
              <th>{t('staff.password')}</th>
            </tr>
          </thead>
          <tbody>
            {made.map((row) => (
              <tr key={row.row}>
                <td>{row.name}</td>
                <td className="num">{row.username}</td>
                <td>
                  <code>{row.password}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}
