// Widgets as ECharts draws them.
import type { Figures, Key, Point } from './figures';

export interface Tokens {
  text: string;
  quiet: string;
  line: string;
  ground: string;
  /** The font, by name: what is written is measured before it is on the page. */
  font: string;
  series: string[];
}

export interface Drawing {
  option: object;
  /** The groups behind the place of a click. */
  at: (series: number, index: number) => Key[];
}

const small = { fontSize: 12 };

/** Those after the last colour take them again, paler. */
function colourOf({ series }: Tokens, index: number): string {
  const pale = ['', '99', '55'][Math.floor(index / series.length) % 3];
  return `${series[index % series.length]}${pale}`;
}

/** Distinct texts of a group in the order in which they come. */
function axisOf(points: Point[], group: number): Key[] {
  const seen = new Map<string, Key>();
  for (const point of points) {
    const key = point.keys[group];
    if (key && !seen.has(key.text)) seen.set(key.text, key);
  }
  return [...seen.values()];
}

export function drawingOf(kind: string, figures: Figures, tokens: Tokens): Drawing {
  if (kind === 'pie') return pie(figures, tokens);
  if (kind === 'funnel') return funnel(figures, tokens);
  return cartesian(kind, figures, tokens);
}

function cartesian(kind: string, figures: Figures, tokens: Tokens): Drawing {
  const { points } = figures;
  const axis = axisOf(points, 0);
  const colours = points.some((point) => point.keys.length > 1) ? axisOf(points, 1) : [];
  const isBar = kind === 'bar';
  const isLine = kind === 'line' || kind === 'area';
  const find = (key: Key, colour?: Key) =>
    points.find((point) => point.keys[0]?.text === key.text && (!colour || point.keys[1]?.text === colour.text));
  const lines = colours.length
    ? colours.map((colour) => ({
        name: colour.text,
        metric: 0,
        data: axis.map((key) => find(key, colour)?.values[0] ?? 0),
      }))
    : figures.metrics.map((name, metric) => ({
        name,
        metric,
        data: axis.map((key) => find(key)?.values[metric] ?? 0),
      }));
  const single = lines.length === 1;
  const series = lines.map((line, index) => ({
    name: line.name,
    type: isLine ? 'line' : 'bar',
    data: line.data,
    stack: colours.length && kind !== 'line' ? 'all' : undefined,
    barMaxWidth: isBar ? 18 : 28,
    itemStyle: {
      borderRadius: colours.length ? 0 : isBar ? [0, 3, 3, 0] : [3, 3, 0, 0],
      color: colourOf(tokens, index),
    },
    areaStyle: kind === 'area' ? { opacity: 0.25 } : undefined,
    symbolSize: 5,
    label:
      isBar && single
        ? {
            show: true,
            position: 'right',
            color: tokens.text,
            ...small,
            formatter: (p: { value: number }) => figures.write(0, p.value, true),
          }
        : undefined,
    tooltip: { valueFormatter: (value: number) => figures.write(line.metric, value) },
  }));
  const category = {
    type: 'category',
    data: axis.map((key) => key.text),
    inverse: isBar,
    axisLine: { lineStyle: { color: tokens.line } },
    axisTick: { show: false },
    axisLabel: {
      color: tokens.quiet,
      ...small,
      width: isBar ? 110 : undefined,
      overflow: 'truncate',
      hideOverlap: true,
    },
  };
  const value = {
    type: 'value',
    show: !isBar || !single,
    splitNumber: 4,
    splitLine: { lineStyle: { color: tokens.line } },
    axisLabel: { color: tokens.quiet, ...small, formatter: (n: number) => figures.write(0, n, true) },
  };
  return {
    at: (index, place) => [axis[place], colours[index]].filter((key) => key !== undefined),
    option: {
      ...shared(tokens),
      legend: single ? undefined : legend(tokens),
      grid: { left: 4, right: isBar && single ? 64 : 12, top: single ? 10 : 34, bottom: 2, containLabel: true },
      xAxis: isBar ? value : category,
      yAxis: isBar ? category : value,
      series,
    },
  };
}

/** A pie is read up to eight slices; the others are one. */
const slices = 8;

function pie(figures: Figures, tokens: Tokens): Drawing {
  const sorted = [...figures.points].sort((a, b) => (b.values[0] ?? 0) - (a.values[0] ?? 0));
  const shown = sorted.slice(0, slices);
  const rest = sorted.slice(slices).reduce((sum, point) => sum + (point.values[0] ?? 0), 0);
  const data = shown.map((point) => ({ name: point.keys[0]?.text, value: point.values[0] }));
  if (rest > 0) data.push({ name: '…', value: rest });
  return {
    at: (_series, index) => shown[index]?.keys ?? [],
    option: {
      ...shared(tokens),
      tooltip: {
        ...shared(tokens).tooltip,
        trigger: 'item',
        valueFormatter: (value: number) => figures.write(0, value),
      },
      color: data.map((_slice, index) => colourOf(tokens, index)),
      series: [
        {
          type: 'pie',
          radius: ['46%', '74%'],
          center: ['50%', '52%'],
          data,
          itemStyle: { borderColor: tokens.ground, borderWidth: 2 },
          label: { color: tokens.text, ...small, formatter: '{b} {d}%' },
          labelLine: { lineStyle: { color: tokens.line } },
        },
      ],
    },
  };
}

/** The steps below each other, each as wide as its figure: bars around a common middle. */
function funnel(figures: Figures, tokens: Tokens): Drawing {
  const { points } = figures;
  const values = points.map((point) => point.values[0] ?? 0);
  const widest = Math.max(1, ...values);
  const bar = { type: 'bar', stack: 'all', barCategoryGap: '12%' };
  return {
    at: (_series, index) => points[index]?.keys ?? [],
    option: {
      ...shared(tokens),
      tooltip: { show: false },
      grid: { left: 4, right: 12, top: 4, bottom: 4, containLabel: true },
      xAxis: { type: 'value', show: false, max: widest },
      yAxis: {
        type: 'category',
        inverse: true,
        data: points.map((point, index) => `${point.keys[0]?.text}  ${figures.write(0, values[index] ?? 0, true)}`),
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: { color: tokens.text, ...small },
      },
      series: [
        {
          ...bar,
          data: values.map((value) => (widest - value) / 2),
          itemStyle: { color: 'transparent' },
          silent: true,
        },
        {
          ...bar,
          data: values.map((value, index) => ({
            value,
            itemStyle: {
              color: tokens.series[0],
              opacity: 0.5 + (0.5 * index) / Math.max(1, values.length - 1),
              borderRadius: 4,
            },
          })),
        },
      ],
    },
  };
}

/** One line of names, apart from each other; where they do not fit one leafs through them. */
const legend = (tokens: Tokens) => ({
  type: 'scroll',
  top: 0,
  left: 0,
  right: 0,
  itemGap: 18,
  pageIconColor: tokens.quiet,
  pageIconInactiveColor: tokens.line,
  pageTextStyle: { color: tokens.quiet, ...small },
  icon: 'roundRect',
  itemWidth: 10,
  itemHeight: 10,
  textStyle: { color: tokens.text, ...small },
});

const shared = (tokens: Tokens) => ({
  animationDuration: 150,
  textStyle: { fontFamily: tokens.font },
  tooltip: {
    trigger: 'axis',
    axisPointer: { type: 'shadow' },
    backgroundColor: tokens.ground,
    borderColor: tokens.line,
    textStyle: { color: tokens.text, ...small },
    renderMode: 'richText',
    confine: true,
  },
});
