import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pixelDataset } from '../../../test/fixtures/pixel-dataset.ts';
import { tensorDigests } from '../../../test/support/tensor-digests.ts';
import type { Engine } from '../../engines/engine.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { batchSource } from '../data/batch-source.ts';
import { prepareData } from '../data/training-data.ts';
import { readCheckpoint } from '../loop/checkpoint.ts';
import { readRunConfig, runFolder, startRun } from '../loop/run-folder.ts';
import { train } from '../loop/train.ts';
import { planTraining, type TrainingPlan } from '../planning/plan-training.ts';
import type { TrainingChoices } from './training-choices.ts';

let base = '';
let engine: Engine;
beforeAll(async () => {
  base = await mkdtemp(path.join(tmpdir(), 'relevance-training-'));
  engine = await OnnxruntimeEngine.create({ threads: 1 });
});
afterAll(async () => {
  await engine.close();
  await rm(base, { recursive: true });
});

/** Eight concepts in four subgroups of two groups, six pictures each. */
const names = ['a/x/1', 'a/x/2', 'a/y/1', 'a/y/2', 'b/x/1', 'b/x/2', 'b/y/1', 'b/y/2'];
const labels = names.flatMap((_, label) => new Array<number>(6).fill(label));
const dataset = { ...pixelDataset(labels, { size: 8 }), classes: names };

const choices: TrainingChoices = { preset: 'small', size: 8, rows: 12, sampler: 'relevance', steps: 14, threads: 1 };
const network = { paths: 'none', embeddingDimension: 6 } as const;
const plan = (changes: Partial<TrainingChoices> = {}) =>
  planTraining(dataset, { heldOut: 0, ...choices, ...network, ...changes });

/** Query, positive and negative classes of the triplets of some batches. */
function tripletClasses({ config, data }: TrainingPlan, batches: number) {
  const source = batchSource(data.material, config.batch, config.seed);
  const rows = Array.from({ length: batches }, () => source.next()).flat();
  const nameOf = (image: number) => names[data.labels[data.train[image]]];
  return Array.from({ length: rows.length / 3 }, (_, k) => rows.slice(3 * k, 3 * k + 3).map(nameOf));
}

describe('training by relevance', () => {
  it('writes the sampler into the configuration, and learns by a hinge where the preset mines in batches', async () => {
    const { config } = await plan({ relevance: 'labels:0.2', outOfClass: 0.5, relevanceLimit: 0.9, buffer: 7 });
    expect(config).toMatchObject({
      loss: { kind: 'hinge', gap: 0.2, distance: 'squared-euclidean' },
      batch: { kind: 'triplets', triplets: 4 },
      stepsPerEpoch: 12,
      sampler: {
        kind: 'relevance',
        relevance: { kind: 'labels', decay: 0.2 },
        categoryLevels: 1,
        outOfClass: 0.5,
        margin: 0.05,
        limit: 0.9,
        buffer: 7,
        maxFailures: 10,
      },
    });
    expect((await plan({ sampler: 'uniform' })).config).not.toHaveProperty('sampler');
    expect((await plan({ loss: 'soft-margin' })).config.loss.kind).toBe('soft-margin');
    const article = await plan({ preset: 'article', backbone: 'small' });
    expect(article.config.loss).toEqual({ kind: 'hinge', gap: 1, distance: 'euclidean' });
  });

  it('draws triplets in which the positive is the more relevant one', async () => {
    const group = (name: string) => name.split('/')[0];
    const shared = (a: string, b: string) => (a === b ? 3 : a.slice(0, 3) === b.slice(0, 3) ? 2 : 1);
    const triplets = tripletClasses(await plan({ outOfClass: 0.25 }), 100);
    let outside = 0;
    for (const [query, positive, negative] of triplets) {
      expect(group(positive)).toBe(group(query));
      if (group(negative) !== group(query)) outside++;
      else expect(shared(query, positive)).toBeGreaterThan(shared(query, negative));
    }
    // Four standard deviations of a share of 0.25 in 400.
    expect(Math.abs(outside / triplets.length - 0.25)).toBeLessThan(0.087);
    // With two levels a category is a subgroup: negatives of the same category are of the other concept.
    const finer = await plan({ outOfClass: 0, categoryLevels: 2 });
    for (const [query, positive, negative] of tripletClasses(finer, 20)) {
      expect([positive, negative.slice(0, 3)]).toEqual([query, query.slice(0, 3)]);
      expect(negative).not.toBe(query);
    }
  });

  it('stopped and resumed from its own files, ends as the run that was never stopped, bit for bit', async () => {
    const changes = { relevance: 'hog', relevanceMargin: 0.01, buffer: 9, heldOut: 0.2, size: 16 };
    const go = async (name: string, stops: readonly number[]) => {
      const run = runFolder(path.join(base, name));
      const { config, data } = await plan(changes);
      await startRun(run, config);
      let outcome = await session({ config, data }, run, false, stops[0]);
      for (const stop of [...stops.slice(1), ...(stops.length > 0 ? [undefined] : [])]) {
        const again = await readRunConfig(run);
        outcome = await session({ config: again, data: await prepareData(dataset, again) }, run, true, stop);
      }
      const { tensors, state } = await readCheckpoint(run.checkpoint);
      const text = await readFile(run.config, 'utf8');
      return { config: text, tensors: tensorDigests(tensors), source: state['source'], ended: outcome.ended };
    };
    const whole = await go('whole', []);
    expect(whole.ended).toBe('completed');
    expect(await go('stopped', [1, 6, 11])).toEqual(whole);
  });

  it('does not go on when the file that relevance comes from has changed', async () => {
    const file = path.join(base, 'pairs.csv');
    const ids = dataset.images.map(({ id }) => id);
    // Neighbours of one concept are alike, those of one group a little.
    const lines = ids.flatMap((a, place) =>
      [1, 2, 7].flatMap((step) => (place + step < 48 ? [`${a},${ids[place + step]},${step === 7 ? 0.2 : 1}`] : [])),
    );
    await writeFile(file, `image,other,score\n${lines.join('\n')}\n`);
    const { config, data } = await plan({ relevance: `pairs:${file}` });
    expect(config.sampler).toMatchObject({ kind: 'relevance', relevance: { kind: 'pairs', file } });
    const run = runFolder(path.join(base, 'pairs'));
    await startRun(run, config);
    await session({ config, data }, run, false, 2);
    const resumed = async () => session({ config, data: await prepareData(dataset, config) }, run, true, 3);
    expect((await resumed()).step).toBe(3);
    await writeFile(file, `image,other,score\n${lines.slice(1).join('\n')}\n`);
    await expect(resumed()).rejects.toThrow(`the pictures or '${file}' are not those that the run`);
    await rm(file);
    await expect(resumed()).rejects.toThrow(`cannot read '${file}'`);
  });

  it.each<[Partial<TrainingChoices>, string]>([
    [
      { loss: 'supcon' },
      "choices.sampler: 'relevance' was given, but the loss supcon finds its triplets in batches of classes",
    ],
    [{ loss: 'hinge', miner: 'semi-hard' }, 'but the loss hinge with choices.miner finds its triplets'],
    [{ sampler: 'uniform', relevance: 'hog' }, "choices.relevance: 'hog' was given, but triplets are drawn uniformly"],
    [{ sampler: 'uniform', outOfClass: 0.1 }, 'choices.outOfClass: 0.1 was given'],
    [{ sampler: 'uniform', buffer: 9 }, 'choices.buffer: 9 was given'],
    [{ relevance: 'texture' }, "relevance 'texture' is unknown"],
    [{ buffer: 2 }, 'a buffer of 2 records'],
    [{ relevanceMargin: 3 }, "no triplet with a negative of the query's own category was found"],
    [{ categoryLevels: 3 }, 'classes with subgroups (group/subgroup/concept)'],
  ])('refuses %j', async (changes, message) => {
    await expect(plan(changes)).rejects.toThrow(message);
  });

  it('refuses listed triplets', async () => {
    const triplets = [{ query: 0, positive: 1, negative: 20 }];
    await expect(planTraining(dataset, { ...choices, ...network }, { triplets })).rejects.toThrow(
      'the triplets are listed already',
    );
  });
});

/** Steps until `stopAt`, or to the end. */
function session(own: TrainingPlan, run: ReturnType<typeof runFolder>, resume: boolean, stopAt: number | undefined) {
  const stop = new AbortController();
  return train({
    plan: own,
    run,
    engine,
    resume,
    signal: stop.signal,
    onEvent: (event) => {
      if (event.kind === 'step' && event.progress.step === stopAt) stop.abort();
    },
  });
}
