// A page of widgets with one period for all of them.
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { type Dashboard, useLabel } from '../meta';
import { isPeriod, type Period, periods } from './period';
import { WidgetCard } from './WidgetCard';
import '../form/form.css';
import '../views/views.css';
import './charts.css';

interface Props {
  dashboard: Dashboard;
  /** What stands above the widgets. */
  above?: ReactNode;
}

export function DashboardBoard({ dashboard, above }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as { period?: string };
  const period: Period = isPeriod(search.period) ? search.period : (dashboard.period?.default ?? 'all');

  useEffect(() => {
    document.title = label(dashboard.label);
  }, [dashboard, label]);

  return (
    <>
      <header className="head">
        <h1 className="clip">{label(dashboard.label)}</h1>
        <span className="quiet clip wide-text">{label(dashboard.description)}</span>
        {dashboard.period && (
          <label className="end">
            <span className="sr">{t('chart.period')}</span>
            <select
              className="select-input"
              value={period}
              onChange={(event) =>
                void navigate({
                  to: '.',
                  search: (now: object) => ({ ...now, period: event.target.value }),
                  replace: true,
                })
              }
            >
              {periods.map((one) => (
                <option key={one} value={one}>
                  {t(`period.${one}`)}
                </option>
              ))}
            </select>
          </label>
        )}
      </header>
      <main className="scroll dashboard">
        {above}
        <div className="widgets">
          {dashboard.widgets.map((widget) => (
            <WidgetCard key={widget.key} widget={widget} period={period} />
          ))}
        </div>
      </main>
    </>
  );
}
