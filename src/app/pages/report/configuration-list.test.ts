import { expect, it } from 'vitest';
import { sampleConfig } from '../../../../test/fixtures/training-run.ts';
import { configurationList } from './configuration-list.ts';

/** Headings with their names and values. */
const groups = (markup: string) =>
  markup
    .split('<h3>')
    .slice(1)
    .map((part) => [
      part.slice(0, part.indexOf('<')),
      [...part.matchAll(/<dt>(.*?)<\/dt><dd>(.*?)<\/dd>/g)].map(([, name, value]) => `${name}: ${value}`),
    ]);

it('lists what is at the top, then each object, in words', () => {
  const config = {
    seed: 123456789,
    network: { embeddingDimension: 128, pixelMean: 1 / 3, batchNormalization: true, clip: null },
    fill: '<white> & "black"',
    augmentation: { zoom: [0.8, 1.2], sides: [1, 2, 3], names: ['a', 'b'], grey: false, inner: { aB: 1, c: 'd' } },
    epsilon: 1e-8,
  };
  expect(groups(configurationList(config).markup)).toEqual([
    ['Run', ['seed: 123456789', 'fill: &lt;white&gt; &amp; &quot;black&quot;', 'epsilon: 1e-8']],
    ['Network', ['embedding dimension: 128', 'pixel mean: 0.333333', 'batch normalization: yes', 'clip: none']],
    ['Augmentation', ['zoom: 0.8 to 1.2', 'sides: 1, 2, 3', 'names: a, b', 'grey: no', 'inner: a b 1, c d']],
  ]);
});

it('leaves nothing of a training configuration out', () => {
  const count = (value: unknown): number =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.values(value).reduce((sum: number, item) => sum + count(item), 0)
      : 1;
  const { markup } = configurationList(sampleConfig);
  expect(markup.match(/<dt>/g)).toHaveLength(count(sampleConfig));
});
