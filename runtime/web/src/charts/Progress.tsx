// How far a number is on its way to another.
import { useTranslation } from 'react-i18next';
import { useLabel, type Widget } from '../meta';
import { Fault } from '../views/Fault';
import { useBehind } from './behind';
import { percentText, useFigures } from './figures';
import type { Scope } from './scope';

/** The figure that a progress is measured by, as a widget of its own. */
export const targetOf = (widget: Widget): Widget => ({
  form: widget.form,
  ...widget.target,
  key: widget.key,
  label: widget.label,
  kind: 'figure',
});

export function Progress({ widget, scope }: { widget: Widget; scope: Scope }) {
  const { t } = useTranslation();
  const label = useLabel();
  const part = useFigures(widget, scope);
  const whole = useFigures(targetOf(widget), scope);
  const open = useBehind(widget, scope);
  const wrong = [part, whole].find(({ query }) => query.isError);
  if (wrong) return <Fault error={wrong.query.error} onRetry={() => wrong.query.refetch()} />;
  if (!part.figures || !whole.figures) return <div className="skeleton late" style={{ width: '60%', height: 28 }} />;
  const done = part.figures.points[0]?.values[0] ?? 0;
  const target = whole.figures.points[0]?.values[0] ?? 0;
  const share = target > 0 ? (done / target) * 100 : undefined;
  const percent = percentText(share);
  const full = t('chart.of', { done: part.figures.write(0, done), target: whole.figures.write(0, target) });
  return (
    <>
      <div className="progress-line">
        <button
          type="button"
          className="figure num"
          onClick={() => open([])}
          title={t('chart.open', { value: part.figures.write(0, done) })}
        >
          {part.figures.write(0, done, true)}
        </button>
        <span className="quiet num" title={full}>
          {t('chart.ofTarget', { target: whole.figures.write(0, target, true) })}
        </span>
        <strong className="num">{percent}</strong>
      </div>
      <div
        className={share !== undefined && share >= 100 ? 'progress-bar reached' : 'progress-bar'}
        role="progressbar"
        aria-label={label(widget.label)}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.min(100, Math.round(share ?? 0))}
        aria-valuetext={`${full}, ${percent}`}
      >
        <i style={{ width: `${Math.min(100, Math.max(0, share ?? 0))}%` }} />
      </div>
    </>
  );
}
