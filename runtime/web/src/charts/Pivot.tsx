// Figures by two groups: one down, one across.
import { useTranslation } from 'react-i18next';
import type { Figures, Key } from './figures';

export function Pivot({ figures, onPick }: { figures: Figures; onPick: (keys: Key[]) => void }) {
  const { t } = useTranslation();
  const down = distinct(figures, 0);
  const across = distinct(figures, 1);
  const at = new Map(figures.points.map((point) => [point.keys.map((key) => key.text).join(''), point]));
  return (
    <div className="rows-scroll" role="region" aria-label={t('chart.table')} tabIndex={0}>
      <table className="rows">
        <thead>
          <tr>
            <th />
            {across.map((key) => (
              <th key={key.text} className="right">
                {key.text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {down.map((row) => (
            <tr key={row.text}>
              <th scope="row">{row.text}</th>
              {across.map((column) => {
                const point = at.get([row.text, column.text].join(''));
                return (
                  <td key={column.text} className="right num">
                    {point ? (
                      <button type="button" className="plain" onClick={() => onPick([row, column])}>
                        {figures.write(0, point.values[0] ?? 0, true)}
                      </button>
                    ) : (
                      <span className="quiet">—</span>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function distinct(figures: Figures, group: number): Key[] {
  const seen = new Map(figures.points.map((point) => [point.keys[group]?.text ?? '', point.keys[group] as Key]));
  return [...seen.values()].filter((key) => key !== undefined);
}
