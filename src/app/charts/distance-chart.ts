import type { DistanceHistogram } from '../../evaluation/neighbours/distance-histogram.ts';
import { percent } from '../../foundation/text/percent.ts';
import { type Html, html } from '../html/html.ts';
import { valueScale } from './axis-scale.ts';
import { chartFrame } from './chart-frame.ts';
import { niceTicks } from './nice-ticks.ts';

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
  const ticks = niceTicks(0, most, 5).filter((tick) => tick <= most);
  const sentence = distanceSentence(histogram);
  const { x, y, around } = chartFrame({
    description: sentence,
    horizontal: { ticks, place: (distance) => distance / most, name: 'distance' },
    vertical: { ...values, name: 'share of the pairs', format: 'percent' },
  });
  const outline = (shares: readonly number[]) =>
    `M${x(0)} ${y(0)}${shares.map((share, bin) => `L${x(edges[bin])} ${y(share)}L${x(edges[bin + 1])} ${y(share)}`).join('')}L${x(most)} ${y(0)}`;
  return html`<figure class="distances"><figcaption><p>${sentence}</p>
<p class="keys"><span class="key positive">pairs of one class</span> <span class="key negative">pairs of two classes</span></p></figcaption>
${around(html`<path class="positive-area" d="${outline(positive)}Z"/><path class="negative-line" d="${outline(negative)}"/>`)}</figure>`;
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
