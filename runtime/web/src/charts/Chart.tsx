// ECharts on a page: drawn as SVG, as wide as its place, quiet for those who want no motion.
import { BarChart, LineChart, PieChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { type ECharts, init, use as withParts } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useMemo, useRef } from 'react';
import { useDark } from '../theme/look';
import type { Figures, Key } from './figures';
import { drawingOf, type Tokens } from './options';

withParts([BarChart, LineChart, PieChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

function tokens(): Tokens {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    text: read('--text'),
    quiet: read('--text-2'),
    line: read('--line'),
    ground: read('--ground'),
    font: getComputedStyle(document.body).fontFamily,
    series: [1, 2, 3, 4, 5, 6].map((n) => read(`--chart-${n}`)),
  };
}

interface Props {
  kind: string;
  figures: Figures;
  onPick: (keys: Key[]) => void;
}

export default function Chart({ kind, figures, onPick }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts>(undefined);
  const dark = useDark();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the tokens read from the page change with dark
  const drawing = useMemo(() => drawingOf(kind, figures, tokens()), [kind, figures, dark]);
  const pick = useRef(onPick);
  pick.current = onPick;

  useEffect(() => {
    if (!place.current) return;
    const drawn = init(place.current, undefined, { renderer: 'svg' });
    chart.current = drawn;
    const watch = new ResizeObserver(() => drawn.resize());
    watch.observe(place.current);
    return () => {
      watch.disconnect();
      drawn.dispose();
      chart.current = undefined;
    };
  }, []);

  useEffect(() => {
    const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    chart.current?.setOption({ ...drawing.option, animation: !still }, true);
    chart.current?.off('click');
    chart.current?.on('click', ({ seriesIndex, dataIndex }) => pick.current(drawing.at(seriesIndex ?? 0, dataIndex)));
  }, [drawing]);

  return <div ref={place} className="chart" aria-hidden="true" />;
}
