// A line per group, a column per figure, and the figures of all of them below.
import { useTranslation } from 'react-i18next';
import type { Widget } from '../meta';
import { type Figures, type Key, useFigures } from './figures';
import type { Scope } from './scope';

interface Props {
  widget: Widget;
  scope: Scope;
  figures: Figures;
  onPick: (keys: Key[]) => void;
}

export function FigureTable({ widget, scope, figures, onPick }: Props) {
  const { t } = useTranslation();
  // Asked for by itself: averages do not add up, and more groups may be than are shown.
  const whole = useFigures({ ...widget, group: undefined, sort: undefined, limit: 1 }, scope).figures;
  return (
    <div className="rows-scroll" role="region" aria-label={t('chart.table')} tabIndex={0}>
      <table className="rows">
        <thead>
          <tr>
            {figures.groups.map((name) => (
              <th key={name}>{name}</th>
            ))}
            {figures.metrics.map((name) => (
              <th key={name} className="right">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {figures.points.map((point) => (
            <tr key={point.keys.map((key) => key.text).join('·')}>
              {point.keys.map((key, index) => (
                <th key={figures.groups[index]} scope="row">
                  {index === 0 ? (
                    <button type="button" className="plain" onClick={() => onPick(point.keys)}>
                      {key.text}
                    </button>
                  ) : (
                    key.text
                  )}
                </th>
              ))}
              {point.values.map((value, index) => (
                <td key={figures.metrics[index]} className="right num">
                  {figures.write(index, value)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        {whole?.points[0] && (
          <tfoot>
            <tr>
              <th scope="row" colSpan={figures.groups.length}>
                {t('chart.total')}
              </th>
              {whole.points[0].values.map((value, index) => (
                <td key={figures.metrics[index]} className="right num">
                  {figures.write(index, value)}
                </td>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}
