import { expect, it } from 'vitest';
import { z } from 'zod';
import { evenClasses, pixelDataset } from '../../../test/fixtures/pixel-dataset.ts';
import { tinyConfig } from '../../../test/fixtures/tiny-training.ts';
import { stoppedAndResumed } from '../../../test/support/stopped-and-resumed.ts';
import { tensorDigests } from '../../../test/support/tensor-digests.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import type { ImagesByClass } from '../../ranking/triplets/images-by-class.ts';
import { defineSampler } from '../../ranking/triplets/samplers/define-sampler.ts';
import { samplerTableOf } from '../../ranking/triplets/samplers/sampler-table.ts';
import type { TripletSource } from '../../ranking/triplets/triplet-source.ts';
import { choiceTables } from '../configuration/choice-tables.ts';
import type { TrainingConfig } from '../configuration/training-config.ts';
import { prepareData } from '../data/training-data.ts';

// CONTRIBUTING's recipe, followed: a sampler is its definition and its place in a table.

/** Queries in their order, each `times` times in a row; positive and negative by chance. */
function inTurn(images: ImagesByClass, times: number, random: RandomSource, start = 0): TripletSource {
  let drawn = start;
  return {
    epochLength: images.queries.length * times,
    next() {
      const query = images.queries[Math.floor(drawn++ / times) % images.queries.length];
      const positive = images.positive(query, random.integer(images.positiveCount(query)));
      const negative = images.negative(query, random.integer(images.negativeCount(query)));
      return { query, positive, negative };
    },
    get state() {
      return { drawn, random: random.state };
    },
  };
}

const turns = defineSampler({
  schema: z.strictObject({ kind: z.literal('turns'), times: z.int().min(1) }),
  options: ['buffer'],
  words: { option: 'turns', drawn: 'queries take turns' },
  configure: ({ buffer = 2 }) => ({ times: buffer }),
  choicesOf: ({ times }) => ({ buffer: times }),
  inWords: ({ times }) => `queries in turn, ${times} times each`,
  prepare: ({ times }, { images }) => ({
    fromSeed: (seed) => inTurn(images, times, RandomSource.fromSeed(seed, 'turns')),
    fromState: (state) => {
      const { drawn, random } = z.object({ drawn: z.int(), random: z.array(z.number()) }).parse(state);
      return inTurn(images, times, RandomSource.fromState(random), drawn);
    },
  }),
});
const tables = { ...choiceTables, samplers: samplerTableOf([turns]) };

it('trains by a sampler of its own table, and ends, stopped and resumed, as if it had never stopped', async () => {
  const config = { ...tinyConfig, sampler: turns.configure({}), steps: 8 };
  expect(config.sampler).toEqual({ kind: 'turns', times: 2 });
  await stoppedAndResumed(config, tables, ({ whole, resumed, checkpoint }) => {
    expect(whole).toMatchObject({ ended: 'completed', step: 8 });
    expect(checkpoint.step).toBe(3);
    expect(tensorDigests(resumed.weights)).toEqual(tensorDigests(whole.weights));
  });
  const asWritten: TrainingConfig = JSON.parse(JSON.stringify(config));
  await expect(prepareData(pixelDataset(evenClasses(4, 9), { size: 8 }), asWritten)).rejects.toThrow(
    "there is no sampler 'turns': it is one of uniform, relevance",
  );
});
