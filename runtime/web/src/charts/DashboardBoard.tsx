// A page of widgets with one period and one set of filters for all of them.
import { FullscreenExitOutlined, FullscreenOutlined } from '@ant-design/icons';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type Dashboard, useLabel } from '../meta';
import type { BoardSearch } from '../shell/router';
import { usePhone } from '../theme/phone';
import { BoardFilters } from './BoardFilters';
import { type Period, periods } from './period';
import { scopeOf } from './scope';
import { useFullScreen } from './useFullScreen';
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
  const phone = usePhone();
  const search = useSearch({ strict: false }) as BoardSearch;
  const scope = useMemo(() => scopeOf(dashboard, search), [dashboard, search]);
  const { full, toggle } = useFullScreen();

  useEffect(() => {
    document.title = label(dashboard.label);
  }, [dashboard, label]);

  const set = (change: BoardSearch) =>
    void navigate({ to: '.', search: (now: object) => ({ ...now, ...change }), replace: true });
  const filters = <BoardFilters scope={scope} onChange={(where) => set({ where })} />;
  return (
    <>
      <header className="head">
        <h1 className="clip">{label(dashboard.label)}</h1>
        <span className="quiet clip wide-text">{label(dashboard.description)}</span>
        <div className="end">
          {!phone && filters}
          {dashboard.period && <PeriodChoice period={scope.period} onChange={(period) => set({ period })} />}
          <button
            type="button"
            className="plain icon"
            aria-pressed={full}
            aria-label={t('chart.fullScreen')}
            title={t('chart.fullScreen')}
            onClick={toggle}
          >
            {full ? <FullscreenExitOutlined aria-hidden="true" /> : <FullscreenOutlined aria-hidden="true" />}
          </button>
        </div>
      </header>
      {phone && filters}
      <main className="scroll dashboard">
        {above}
        <div className="widgets">
          {dashboard.widgets.map((widget) => (
            <WidgetCard key={widget.key} widget={widget} scope={scope} />
          ))}
        </div>
      </main>
    </>
  );
}

function PeriodChoice({ period, onChange }: { period: Period; onChange: (period: Period) => void }) {
  const { t } = useTranslation();
  return (
    <label>
      <span className="sr">{t('chart.period')}</span>
      <select className="select-input" value={period} onChange={(event) => onChange(event.target.value as Period)}>
        {periods.map((one) => (
          <option key={one} value={one}>
            {t(`period.${one}`)}
          </option>
        ))}
      </select>
    </label>
  );
}
