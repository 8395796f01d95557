import { expect, it } from 'vitest';
import { distanceChart, distanceSentence } from './distance-chart.ts';

const histogram = { edges: [0, 0.5, 1, 1.5, 2], positive: [6, 3, 1, 0], negative: [1, 4, 10, 85], images: 30 };

it('says both medians, and how many pairs of two classes are nearer than half of those of one', () => {
  expect(distanceSentence(histogram)).toBe(
    'Distances between all pairs of 30 pictures: half of the 10 pairs of one class are nearer than 0.50; so are 1.0% of the 100 pairs of two classes, half of which are nearer than 2.00.',
  );
});

it('draws the share of each kind in each bin, with the sentence for those who cannot see it', () => {
  const { markup } = distanceChart(histogram);
  expect(markup).toContain(`role="img" aria-label="${distanceSentence(histogram)}"`);
  // From 0 to 100% on 200 units: 60% of the positive pairs is 120 above the axis at 230; a bin is 98 wide.
  const [, outline] = /class="positive-area" d="([^"]*)"/.exec(markup)!;
  expect(outline).toBe('M66 230L66 110L164 110L164 170L262 170L262 210L360 210L360 230L458 230L458 230Z');
  expect(markup).toMatch(/class="negative-line" d="M66 230L66 228L164 228/);
});

it('takes a kind without pairs', () => {
  expect(distanceChart({ ...histogram, positive: [0, 0, 0, 0] }).markup).not.toMatch(/NaN|undefined|Infinity/);
});
