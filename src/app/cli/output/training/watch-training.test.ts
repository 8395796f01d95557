import { describe, expect, it } from 'vitest';
import { evenClasses, pixelDataset, unreadableSource } from '../../../../../test/fixtures/pixel-dataset.ts';
import { tinyConfig } from '../../../../../test/fixtures/tiny-training.ts';
import type { TrainingConfig } from '../../../../training/configuration/training-config.ts';
import { type DataOptions, prepareData } from '../../../../training/data/training-data.ts';
import { runFolder } from '../../../../training/loop/run-folder.ts';
import { Terminal } from '../terminal.ts';
import { watchTraining } from './watch-training.ts';

function terminal() {
  const said: string[] = [];
  const streams = {
    stdout: { write: (text: string) => said.push(text) },
    stderr: { write: () => undefined },
    signal: new AbortController().signal,
  };
  return { said, watch: watchTraining(new Terminal(streams, false)) };
}

async function planned(
  changes: Partial<TrainingConfig>,
  dataset = pixelDataset(evenClasses(4, 6)),
  options: DataOptions = {},
) {
  const config = { ...tinyConfig, ...changes };
  const { said, watch } = terminal();
  watch.plan({ config, data: await prepareData(dataset, config, options) }, runFolder('runs/a'));
  return said.join('');
}

describe('watchTraining', () => {
  it('says what is going to be done', async () => {
    expect(await planned({})).toBe(
      '24 pictures to learn from; none kept to judge by\n' +
        'small at 8 x 8, no low-resolution paths, 6 dimensions; loss hinge; 20 steps of 12 images, 4 epochs; seed 3\n' +
        'run: runs/a\n',
    );
    const engine = { ...tinyConfig.engine, rowsAtOnce: 6 };
    expect(await planned({ engine, heldOut: { share: 0.25, by: 'image' } })).toMatch(
      /^18 pictures to learn from; 6 kept to judge by\n.*20 steps of 12 images, 4 epochs, 6 at once; seed 3\n/,
    );
  });

  it('says what is left out, and why nothing is kept to judge by', async () => {
    const labels = [...evenClasses(2, 3), 2, undefined];
    expect(await planned({ heldOut: { share: 0.1, by: 'image' } }, pixelDataset(labels))).toMatch(
      /^7 pictures to learn from, 1 of them alone in their class and so negatives only; none kept to judge by: a share of 0.1 is too few of them\n1 picture of no class left out\n/,
    );
    const triplets = Array.from({ length: 10 }, (_, k) => ({ query: k, positive: k + 6, negative: k + 3 }));
    const dataset = pixelDataset(new Array(16).fill(undefined), { sources: { 0: unreadableSource } });
    const text = await planned({ heldOut: { share: 0.5, by: 'image' } }, dataset, { triplets });
    expect(text).toMatch(/; 4 triplets kept to judge by\n1 triplet left out: an image cannot be read/);
  });

  it('says how each judgement went', () => {
    const { said, watch } = terminal();
    const value = { value: 0.4321, low: 0.4, high: 0.5 };
    const distance = 'euclidean' as const;
    const counts = {
      dimension: 6,
      distance,
      seed: 0,
      triplets: 9,
      queries: 3,
      intervals: { level: 0.95, resamples: 10, over: 'queries' },
    } as const;
    const triplets = { ...counts, measures: { similarityPrecision: value }, scoreAtTopK: null };
    const measures = { rPrecision: value, mapAtR: value, similarityPrecision: value };
    const classes = { ...counts, images: 9, classes: 3, queriesWithoutRelevant: 0, gallery: 8, measures };
    watch.event({ kind: 'evaluation', step: 5, evaluation: { score: 0.4321, report: classes }, best: true });
    watch.event({ kind: 'evaluation', step: 6, evaluation: { score: 0.1, report: triplets }, best: false });
    watch.event({ kind: 'checkpoint', step: 6 });
    expect(said).toEqual([
      'step 5: MAP@R 43.2% on 9 pictures of 3 classes kept from training, the best so far\n',
      'step 6: similarity precision 10.0% on 9 triplets of 3 queries kept from training\n',
    ]);
  });
});
