// One widget of a dashboard.
import { type ComponentType, lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useLabel, type Widget } from '../meta';
import { Fault } from '../views/Fault';
import { useBehind } from './behind';
import { FigureTable } from './FigureTable';
import { type Figures, percentText, useFigures } from './figures';
import { Pivot } from './Pivot';
import { Progress } from './Progress';
import { Ranking } from './Ranking';
import { ignoredBy, type Scope } from './scope';
import { Trend } from './Trend';
import { WidgetList } from './WidgetList';

const Chart = lazy(() => import('./Chart'));

interface Props {
  widget: Widget;
  scope: Scope;
}

const unit = 96;

const bodies: Partial<Record<Widget['kind'], ComponentType<Props>>> = {
  figure: Figure,
  progress: Progress,
  list: WidgetList,
};

export function WidgetCard({ widget, scope }: Props) {
  const label = useLabel();
  const isFigure = widget.kind === 'figure' || widget.kind === 'progress';
  const width = widget.size?.width ?? (isFigure ? 3 : 6);
  const height = widget.size?.height ?? (isFigure ? 1 : 3);
  const Body = bodies[widget.kind] ?? Drawn;
  return (
    <section
      className={`widget ${widget.kind}`}
      aria-label={label(widget.label)}
      style={{ gridColumn: `span ${width}`, minHeight: height * unit - (isFigure ? 4 : 0) }}
      title={label(widget.help) || undefined}
    >
      <header>
        <h2>{label(widget.label)}</h2>
        <Ignored widget={widget} scope={scope} />
      </header>
      <Body widget={widget} scope={scope} />
    </section>
  );
}

/** Says which of the page's filters in use this widget does not know. */
function Ignored({ widget, scope }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const names = ignoredBy(scope, widget).map((filter) => label(filter.label));
  if (!names.length) return null;
  return <small className="quiet">{t('chart.notBy', { names: names.join(t('chart.comma')) })}</small>;
}

function Figure({ widget, scope }: Props) {
  const { t } = useTranslation();
  const { query, figures, share } = useFigures(widget, scope);
  const open = useBehind(widget, scope);
  if (query.isError) return <Fault error={query.error} onRetry={() => query.refetch()} />;
  if (!figures) return <div className="skeleton late" style={{ width: '50%', height: 28 }} />;
  const values = figures.points[0]?.values ?? figures.metrics.map(() => 0);
  const of = share && t('chart.part', { part: figures.write(0, share.part), whole: figures.write(0, share.whole) });
  const full = of ?? values.map((value, index) => figures.write(index, value)).join(' · ');
  const short = share
    ? percentText(share.percent)
    : values.map((value, index) => figures.write(index, value, true)).join(' · ');
  return (
    <div className="figure-line">
      <button type="button" className="figure num" onClick={() => open([])} title={t('chart.open', { value: full })}>
        {short}
      </button>
      {of && <small className="quiet num">{of}</small>}
      {widget.trend && <Trend widget={widget} scope={scope} value={values[0] ?? 0} />}
    </div>
  );
}

function Drawn({ widget, scope }: Props) {
  const { t } = useTranslation();
  const { query, figures, more } = useFigures(widget, scope);
  const open = useBehind(widget, scope);
  if (query.isError) return <Fault error={query.error} onRetry={() => query.refetch()} />;
  if (!figures) return <div className="skeleton late" style={{ width: '100%', flex: 1 }} />;
  if (!figures.points.length) return <p className="quiet none">{t('chart.empty')}</p>;
  if (widget.kind === 'pivot') return <Pivot figures={figures} onPick={open} />;
  const first = more > 0 && <p className="quiet">{t('chart.first', { count: figures.points.length })}</p>;
  if (widget.kind === 'ranking') return <Ranking figures={figures} onPick={open} />;
  if (widget.kind === 'table') {
    return (
      <>
        <FigureTable widget={widget} scope={scope} figures={figures} onPick={open} />
        {first}
      </>
    );
  }
  return (
    <>
      <Suspense fallback={<div className="chart" aria-busy="true" />}>
        <Chart kind={widget.kind} figures={figures} onPick={open} />
      </Suspense>
      <Numbers figures={figures} />
      {first}
    </>
  );
}

/** The numbers of a picture, for whoever does not see it. */
function Numbers({ figures }: { figures: Figures }) {
  return (
    <table className="sr">
      <tbody>
        {figures.points.map((point) => (
          <tr key={point.keys.map((key) => key.text).join('·')}>
            <th scope="row">{point.keys.map((key) => key.text).join(' · ')}</th>
            {point.values.map((value, index) => (
              <td key={figures.metrics[index]}>{figures.write(index, value)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
