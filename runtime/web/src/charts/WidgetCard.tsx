// One widget of a dashboard.
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { anyField, type Condition, type Group, useLabel, type Widget } from '../meta';
import { Fault } from '../views/Fault';
import { type Figures, type Key, useFigures } from './figures';
import { Pivot } from './Pivot';
import { bucketStretch, type Period, stretchOf } from './period';
import { WidgetList } from './WidgetList';

const Chart = lazy(() => import('./Chart'));

interface Props {
  widget: Widget;
  period: Period;
}

const unit = 96;

export function WidgetCard({ widget, period }: Props) {
  const label = useLabel();
  const isFigure = widget.kind === 'figure';
  const width = widget.size?.width ?? (isFigure ? 3 : 6);
  const height = widget.size?.height ?? (isFigure ? 1 : 3);
  const Body = widget.kind === 'list' ? WidgetList : isFigure ? Figure : Drawn;
  return (
    <section
      className={`widget ${widget.kind}`}
      aria-label={label(widget.label)}
      style={{ gridColumn: `span ${width}`, minHeight: height * unit - (isFigure ? 4 : 0) }}
      title={label(widget.help) || undefined}
    >
      <h2>{label(widget.label)}</h2>
      <Body widget={widget} period={period} />
    </section>
  );
}

/** Opens the records behind a place of the widget. */
function useOpen(widget: Widget, period: Period) {
  const navigate = useNavigate();
  const { form } = useFigures(widget, period);
  return (keys: Key[]) => {
    const items: Condition[] = keys.flatMap((key, index) => conditionsOf(widget, index, key));
    const stretch = widget.date ? stretchOf(period) : undefined;
    if (stretch && widget.date && !items.some((item) => item.field === widget.date)) {
      const instant = anyField(form, widget.date)?.definition['x-field'] === 'datetime';
      items.push(...between(widget.date, stretch, instant));
    }
    const filter: Group = { join: 'and', items };
    void navigate({
      to: '/f/$form',
      params: { form: widget.form },
      search: { view: widget.view, f: items.length ? JSON.stringify(filter) : undefined },
    });
  };
}

const between = (field: string, [from, until]: [string, string], instant: boolean): Condition[] => {
  const write = (day: string) => (instant ? new Date(`${day}T00:00:00`).toISOString() : day);
  return [
    { field, op: 'gte', value: write(from) },
    { field, op: 'lt', value: write(until) },
  ];
};

function conditionsOf(widget: Widget, index: number, key: Key): Condition[] {
  const group = widget.group?.[index];
  // What is grouped by the columns of a table has no condition that a list could show.
  if (!group || group.field.includes('.')) return [];
  if (key.raw === null || key.raw === undefined || key.raw === '') return [{ field: group.field, op: 'empty' }];
  if (group.bucket) {
    const stretch = bucketStretch(String(key.raw));
    return stretch ? between(group.field, stretch, false) : [];
  }
  if (typeof key.raw === 'boolean') return [{ field: group.field, op: 'eq', value: key.raw }];
  return [{ field: group.field, op: 'in', value: [key.raw] }];
}

function Figure({ widget, period }: Props) {
  const { t } = useTranslation();
  const { query, figures, share } = useFigures(widget, period);
  const open = useOpen(widget, period);
  if (query.isError) return <Fault error={query.error} onRetry={() => query.refetch()} />;
  if (!figures) return <div className="skeleton late" style={{ width: '50%', height: 28 }} />;
  const values = figures.points[0]?.values ?? figures.metrics.map(() => 0);
  if (widget.share) {
    return <strong className="figure num">{share === undefined ? '—' : `${Number(share.toFixed(1))}%`}</strong>;
  }
  return (
    <button
      type="button"
      className="figure num"
      onClick={() => open([])}
      title={t('chart.open', { value: values.map((v, i) => figures.write(i, v)).join(' · ') })}
    >
      {values.map((value, index) => figures.write(index, value, true)).join(' · ')}
    </button>
  );
}

function Drawn({ widget, period }: Props) {
  const { t } = useTranslation();
  const { query, figures, more } = useFigures(widget, period);
  const open = useOpen(widget, period);
  if (query.isError) return <Fault error={query.error} onRetry={() => query.refetch()} />;
  if (!figures) return <div className="skeleton late" style={{ width: '100%', flex: 1 }} />;
  if (!figures.points.length) return <p className="quiet none">{t('chart.empty')}</p>;
  if (widget.kind === 'pivot') return <Pivot figures={figures} onPick={open} />;
  return (
    <>
      <Suspense fallback={<div className="chart" aria-busy="true" />}>
        <Chart kind={widget.kind} figures={figures} onPick={open} />
      </Suspense>
      <Numbers figures={figures} />
      {more > 0 && <p className="quiet">{t('chart.first', { count: figures.points.length })}</p>}
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
