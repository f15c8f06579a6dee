// What one sees first: the dashboard of one's role, else a way to each form.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { DashboardBoard } from '../charts/DashboardBoard';
import { formOf, useLabel, useWorld } from '../meta';
import { PoolStrip } from '../pools/PoolStrip';
import { FormIcon } from '../shell/icons';

export function HomePage() {
  const { t } = useTranslation();
  const { catalog, me } = useWorld();
  const label = useLabel();
  const home = catalog.dashboards.find((one) => one.key === catalog.home) ?? catalog.dashboards[0];
  if (home) return <DashboardBoard dashboard={home} above={<PoolStrip />} />;
  const forms = catalog.menu.map((key) => formOf(catalog, key)).filter((form) => form !== undefined);
  return (
    <main className="empty">
      <h1>{t('home.welcome', { name: me.user.name })}</h1>
      <p>{forms.length ? t('home.text') : t('home.nothing')}</p>
      <ul className="more-menu">
        {forms.map((form) => (
          <li key={form.key}>
            <Link to="/f/$form" params={{ form: form.key }}>
              <FormIcon form={form} /> {label(form.label)}
            </Link>
          </li>
        ))}
      </ul>
    </main>
  );
}
