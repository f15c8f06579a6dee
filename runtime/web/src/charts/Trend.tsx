// How a number has changed since the stretch of time before.
import { ArrowDownOutlined, ArrowUpOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import type { Widget } from '../meta';
import { useFigures } from './figures';
import { stretchBefore } from './period';
import type { Scope } from './scope';

interface Props {
  widget: Widget;
  scope: Scope;
  /** What it is now. */
  value: number;
}

export function Trend({ widget, scope, value }: Props) {
  const { t } = useTranslation();
  const before = useFigures(widget, { ...scope, before: true }).figures?.points[0]?.values[0];
  const stretch = stretchBefore(scope.period);
  if (!before || !stretch) return null;
  const change = ((value - before) / Math.abs(before)) * 100;
  const isMore = change > 0;
  const tone = change === 0 ? 'quiet' : isMore === (widget.trend === 'up') ? 'good' : 'bad';
  const percent = `${Number(Math.abs(change).toFixed(1))}%`;
  const said = t(change === 0 ? 'chart.same' : isMore ? 'chart.more' : 'chart.less', {
    percent,
    from: stretch[0],
    until: stretch[2],
  });
  return (
    <small className={`trend num ${tone}`} title={said}>
      {change !== 0 && (isMore ? <ArrowUpOutlined aria-hidden="true" /> : <ArrowDownOutlined aria-hidden="true" />)}
      <span aria-hidden="true">{percent}</span>
      <span className="sr">{said}</span>
    </small>
  );
}
