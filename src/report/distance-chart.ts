import type { DistanceHistogram } from '../evaluation/distance-histogram.ts';
import { valueScale } from './axis-scale.ts';
import { type Html, html } from './html.ts';
import { niceTicks } from './nice-ticks.ts';
import { percent } from './percent.ts';
import { tickLabels } from './tick-labels.ts';

/** The chart's own units, as those of `lineChart`. */
const size = { width: 480, height: 280 };
const plot = { left: 66, right: 458, top: 30, bottom: 230 };

/**
 * Distances of pairs of one class and of two, as two stepped outlines: each shows the share of its own pairs in each bin, for
 * there are many more pairs of two classes. The first is filled, the second dashed, so that colour is not needed.
 */
export function distanceChart(histogram: DistanceHistogram): Html {
  const { edges } = histogram;
  const positive = sharesOf(histogram.positive);
  const negative = sharesOf(histogram.negative);
  const most = edges[edges.length - 1];
  const values = valueScale([...positive, ...negative], { include: [0] });
  const x = (distance: number) => round(plot.left + (distance / most) * (plot.right - plot.left));
  const y = (share: number) => round(plot.bottom - values.place(share) * (plot.bottom - plot.top));
  const xTicks = niceTicks(0, most, 5).filter((tick) => tick <= most);
  const [xTexts, yTexts] = [tickLabels(xTicks), tickLabels(values.ticks, 'percent')];
  const outline = (shares: readonly number[]) =>
    `M${x(0)} ${y(0)}${shares.map((share, bin) => `L${x(edges[bin])} ${y(share)}L${x(edges[bin + 1])} ${y(share)}`).join('')}L${x(most)} ${y(0)}`;
  return html`<figure class="distances"><figcaption><p>${distanceSentence(histogram)}</p>
<p class="keys"><span class="key positive">pairs of one class</span> <span class="key negative">pairs of two classes</span></p></figcaption>
<svg class="chart" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${distanceSentence(histogram)}">
<g class="chart-grid">${values.ticks.map((tick) => html`<path d="M${plot.left} ${y(tick)}H${plot.right}"/>`)}</g>
<g class="chart-axis"><path d="M${plot.left} ${plot.bottom}H${plot.right}"/>${xTicks.map(
    (tick) => html`<path d="M${x(tick)} ${plot.bottom}v5"/>`,
  )}</g>
<g class="chart-values">${values.ticks.map(
    (tick, index) => html`<text x="${plot.left - 9}" y="${y(tick)}" dy="0.35em">${yTexts[index]}</text>`,
  )}</g>
<g class="chart-steps">${xTicks.map(
    (tick, index) => html`<text x="${x(tick)}" y="${plot.bottom + 8}" dy="0.95em">${xTexts[index]}</text>`,
  )}</g>
<text class="chart-name" x="0" y="14">share of the pairs</text>
<text class="chart-name chart-step-name" x="${plot.right}" y="${size.height - 6}">distance</text>
<path class="positive-area" d="${outline(positive)}Z"/><path class="negative-line" d="${outline(negative)}"/>
</svg></figure>`;
}

/** The chart in a sentence: the medians of both kinds, and the share of negative pairs below the positive one. */
export function distanceSentence({ edges, positive, negative, images }: DistanceHistogram): string {
  const [near, far] = [medianOf(edges, positive), medianOf(edges, negative)];
  const closer = sum(
    negative.slice(
      0,
      edges.findIndex((edge) => edge >= near),
    ),
  );
  const share = closer / Math.max(1, sum(negative));
  return `Distances between all pairs of ${images} pictures: half of the ${sum(positive).toLocaleString('en-US')} pairs of one class are nearer than ${near.toFixed(2)}; so are ${percent(share)} of the ${sum(negative).toLocaleString('en-US')} pairs of two classes, half of which are nearer than ${far.toFixed(2)}.`;
}

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

function sharesOf(counts: readonly number[]): number[] {
  const total = Math.max(1, sum(counts));
  return counts.map((count) => count / total);
}

/** The upper end of the bin in which the middle pair lies. */
function medianOf(edges: readonly number[], counts: readonly number[]): number {
  const half = sum(counts) / 2;
  let below = 0;
  const bin = counts.findIndex((count) => {
    below += count;
    return below >= half;
  });
  return edges[bin + 1];
}

const round = (value: number) => Math.round(100 * value) / 100;
