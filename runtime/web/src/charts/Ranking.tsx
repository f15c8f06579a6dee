// Who stands where: places, names, and how long each bar is beside the longest.
import type { CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { isRef } from '../form/fields/reference';
import { useWorld } from '../meta';
import type { Figures, Key, Point } from './figures';

export function Ranking({ figures, onPick }: { figures: Figures; onPick: (keys: Key[]) => void }) {
  const { t } = useTranslation();
  const { me } = useWorld();
  const values = figures.points.map((point) => point.values[0] ?? 0);
  const longest = Math.max(...values, 0);
  return (
    <ol className="ranking">
      {figures.points.map((point, index) => {
        const value = values[index] ?? 0;
        const [key] = point.keys;
        const raw = key?.raw ?? null;
        const mine = isRef(raw) && raw.id === me.user.id;
        return (
          <li key={key?.text}>
            <button
              type="button"
              className={mine ? 'plain mine' : 'plain'}
              onClick={() => onPick(point.keys)}
              title={t('chart.place', {
                place: placeOf(figures.points, index),
                name: key?.text,
                value: figures.write(0, value),
              })}
            >
              <b className="num">{placeOf(figures.points, index)}</b>
              <span className="clip">{key?.text}</span>
              <i style={{ '--share': longest > 0 ? Math.max(0, value / longest) : 0 } as CSSProperties} />
              <span className="num">{figures.write(0, value, true)}</span>
            </button>
          </li>
        );
      })}
    </ol>
  );
}

/** Equals share a place, and the next one's is counted on. */
export function placeOf(points: Point[], index: number): number {
  const value = points[index]?.values[0];
  return points.findIndex((point) => point.values[0] === value) + 1;
}
