import { stepScale, valueScale } from './axis-scale.ts';
import { type Html, html } from './html.ts';
import { type NumberFormat, tickLabels } from './tick-labels.ts';

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

/** The chart's own units; a page stretches it to its width. Margins hold labels of twice the default size. */
const size = { width: 480, height: 280 };
const plot = { left: 66, right: 458, top: 30, bottom: 230 };

/**
 * Values over steps as an SVG with axes, grid, ticks and labels; intervals are a band behind the line. Axes are chosen as
 * `valueScale` and `stepScale` say. Colours and fonts are the page's, by the classes that begin with `chart`.
 *
 * @throws if there are no points, or one is not finite.
 */
export function lineChart(chart: LineChart): Html {
  const { points, format = 'number', include = [] } = chart;
  const intervals = points.flatMap(({ interval }) => (interval === undefined ? [] : [interval.low, interval.high]));
  const steps = stepScale(points.map(({ step }) => step));
  const values = valueScale([...points.map(({ value }) => value), ...intervals], { include });
  const x = (step: number) => round(plot.left + steps.place(step) * (plot.right - plot.left));
  const y = (value: number) => round(plot.bottom - values.place(value) * (plot.bottom - plot.top));
  const stepTexts = tickLabels(steps.ticks);
  const valueTexts = tickLabels(values.ticks, format);
  const last = points[points.length - 1];
  return html`<svg class="chart" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${chart.description}">
<g class="chart-grid">${values.ticks.map((tick) => html`<path d="M${plot.left} ${y(tick)}H${plot.right}"/>`)}</g>
<g class="chart-axis"><path d="M${plot.left} ${plot.bottom}H${plot.right}"/>${steps.ticks.map(
    (tick) => html`<path d="M${x(tick)} ${plot.bottom}v5"/>`,
  )}</g>
<g class="chart-values">${values.ticks.map(
    (tick, index) => html`<text x="${plot.left - 9}" y="${y(tick)}" dy="0.35em">${valueTexts[index]}</text>`,
  )}</g>
<g class="chart-steps">${steps.ticks.map(
    (tick, index) => html`<text x="${x(tick)}" y="${plot.bottom + 8}" dy="0.95em">${stepTexts[index]}</text>`,
  )}</g>
<text class="chart-name" x="0" y="14">${chart.valueName}${values.kind === 'log' ? ' (logarithmic)' : ''}</text>
<text class="chart-name chart-step-name" x="${plot.right}" y="${size.height - 6}">step</text>
${intervals.length > 0 ? html`<path class="chart-band" d="${bandPath(points, x, y)}"/>` : undefined}
<path class="chart-line" d="${linePath(points.map(({ step, value }) => [x(step), y(value)]))}"/>
<g class="chart-dots">${(chart.dots ? points : [last]).map(
    ({ step, value }) => html`<circle cx="${x(step)}" cy="${y(value)}" r="${chart.dots ? 3 : 3.5}"/>`,
  )}</g>
</svg>`;
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

/** A hundredth of a unit is less than can be seen. */
const round = (place: number): number => Math.round(100 * place) / 100;
