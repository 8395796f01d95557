import { type Html, html } from '../html/html.ts';
import { stepScale, valueScale } from './axis-scale.ts';
import { chartFrame } from './chart-frame.ts';
import type { NumberFormat } from './tick-labels.ts';

/** A value at a step, with the ends of its confidence interval where it has one. */
export interface ChartPoint {
  readonly step: number;
  readonly value: number;
  readonly interval?: { readonly low: number; readonly high: number };
}

/** What a chart shows. */
export interface LineChart {
  /** The chart in a sentence, for those who cannot see it. */
  readonly description: string;
  /** In the order of their steps; at least one. */
  readonly points: readonly ChartPoint[];
  /** What stands above the vertical axis. */
  readonly valueName: string;
  /** Default: plain numbers. */
  readonly format?: NumberFormat;
  /** Values that the vertical axis has to show beside those of the points. */
  readonly include?: readonly number[];
  /** A dot at every point, not only at the last: for few points. */
  readonly dots?: boolean;
}

/**
 * Values over steps as an SVG with axes, grid, ticks and labels; intervals are a band behind the line. Axes are chosen as
 * `valueScale` and `stepScale` say.
 *
 * @throws if there are no points, or one is not finite.
 */
export function lineChart(chart: LineChart): Html {
  const { description, points, format = 'number', include = [] } = chart;
  const intervals = points.flatMap(({ interval }) => (interval === undefined ? [] : [interval.low, interval.high]));
  const steps = stepScale(points.map(({ step }) => step));
  const values = valueScale([...points.map(({ value }) => value), ...intervals], { include });
  const name = `${chart.valueName}${values.kind === 'log' ? ' (logarithmic)' : ''}`;
  const { x, y, around } = chartFrame({
    description,
    horizontal: { ...steps, name: 'step' },
    vertical: { ...values, name, format },
  });
  const last = points[points.length - 1];
  return around(html`${intervals.length > 0 ? html`<path class="chart-band" d="${bandPath(points, x, y)}"/>` : undefined}
<path class="chart-line" d="${linePath(points.map(({ step, value }) => [x(step), y(value)]))}"/>
<g class="chart-dots">${(chart.dots ? points : [last]).map(
    ({ step, value }) => html`<circle cx="${x(step)}" cy="${y(value)}" r="${chart.dots ? 3 : 3.5}"/>`,
  )}</g>`);
}

/** The outline of the band: along the upper ends, and back along the lower ones. */
function bandPath(points: readonly ChartPoint[], x: (step: number) => number, y: (value: number) => number): string {
  const along = points.flatMap(({ step, interval }) => (interval === undefined ? [] : [{ step, ...interval }]));
  const upper = along.map(({ step, high }) => [x(step), y(high)] as const);
  const lower = along.map(({ step, low }) => [x(step), y(low)] as const).reverse();
  return `${linePath([...upper, ...lower])}Z`;
}

function linePath(places: readonly (readonly [x: number, y: number])[]): string {
  return places.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join('');
}
