import { type Html, html } from '../html/html.ts';
import type { AxisScale } from './axis-scale.ts';
import { type NumberFormat, tickLabels } from './tick-labels.ts';

/** An axis: its ticks, where values lie on it, and what it is called. */
export interface ChartAxis extends Pick<AxisScale, 'ticks' | 'place'> {
  readonly name: string;
  /** Default: plain numbers. */
  readonly format?: NumberFormat;
}

/** What a frame is made of. */
export interface ChartFrameOptions {
  /** The chart in a sentence, for those who cannot see it. */
  readonly description: string;
  readonly horizontal: ChartAxis;
  /** The grid's lines are at its ticks. */
  readonly vertical: ChartAxis;
}

/** A chart without its data. */
export interface ChartFrame {
  /** Where values lie, in the chart's own units. */
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  /** The SVG with axes, grid, ticks and labels, and the data drawn over them. */
  readonly around: (drawing: Html) => Html;
}

/** The chart's own units; a page stretches it to its width. Margins hold labels of twice the default size. */
const size = { width: 480, height: 280 };
const plot = { left: 66, right: 458, top: 30, bottom: 230 };

/** The frame that all charts have. Colours and fonts are the page's, by the classes that begin with `chart`. */
export function chartFrame({ description, horizontal, vertical }: ChartFrameOptions): ChartFrame {
  const x = (value: number) => round(plot.left + horizontal.place(value) * (plot.right - plot.left));
  const y = (value: number) => round(plot.bottom - vertical.place(value) * (plot.bottom - plot.top));
  const xTexts = tickLabels(horizontal.ticks, horizontal.format);
  const yTexts = tickLabels(vertical.ticks, vertical.format);
  const around = (drawing: Html) =>
    html`<svg class="chart" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${description}">
<g class="chart-grid">${vertical.ticks.map((tick) => html`<path d="M${plot.left} ${y(tick)}H${plot.right}"/>`)}</g>
<g class="chart-axis"><path d="M${plot.left} ${plot.bottom}H${plot.right}"/>${horizontal.ticks.map(
      (tick) => html`<path d="M${x(tick)} ${plot.bottom}v5"/>`,
    )}</g>
<g class="chart-values">${vertical.ticks.map(
      (tick, index) => html`<text x="${plot.left - 9}" y="${y(tick)}" dy="0.35em">${yTexts[index]}</text>`,
    )}</g>
<g class="chart-steps">${horizontal.ticks.map(
      (tick, index) => html`<text x="${x(tick)}" y="${plot.bottom + 8}" dy="0.95em">${xTexts[index]}</text>`,
    )}</g>
<text class="chart-name" x="0" y="14">${vertical.name}</text>
<text class="chart-name chart-step-name" x="${plot.right}" y="${size.height - 6}">${horizontal.name}</text>
${drawing}
</svg>`;
  return { x, y, around };
}

/** A hundredth of a unit is less than can be seen. */
const round = (place: number): number => Math.round(100 * place) / 100;
