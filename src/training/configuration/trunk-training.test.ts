import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mobileNetwork, visionTransformer } from '../../../test/fixtures/foreign-networks.ts';
import { evenClasses, pixelDataset } from '../../../test/fixtures/pixel-dataset.ts';
import { placesOf } from '../../../test/support/places-of.ts';
import { tensorDigests } from '../../../test/support/tensor-digests.ts';
import { embedInFixedBatches } from '../../catalogue/embedding/fixed-batches.ts';
import type { Engine } from '../../engines/engine.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { constantOf } from '../../graph/builder/value.ts';
import { exportModel } from '../../graph/export/export-model.ts';
import { importModel } from '../../graph/import/import-model.ts';
import { prepareData } from '../data/training-data.ts';
import { frozenFeatures } from '../features/frozen-features.ts';
import { readCheckpoint } from '../loop/checkpoint.ts';
import { readRunConfig, runFolder, startRun } from '../loop/run-folder.ts';
import { train } from '../loop/train.ts';
import { readTrunk } from '../planning/open-trunk.ts';
import { planTraining, type TrainingPlan } from '../planning/plan-training.ts';
import { embedPlaces } from '../step/embed-places.ts';
import { modelGraph } from '../step/network-graphs.ts';
import { Trainer } from '../step/trainer.ts';
import type { TrainingChoices } from './training-choices.ts';
import type { TrunkChoices } from './trunk-choices.ts';

const dataset = pixelDataset(evenClasses(4, 6), { size: 16 });

let base = '';
let engine: Engine;
let runs = 0;
beforeAll(async () => {
  base = await mkdtemp(path.join(tmpdir(), 'trunk-'));
  engine = await OnnxruntimeEngine.create({ threads: 1 });
  await writeFile(path.join(base, 'mobile.onnx'), mobileNetwork());
  await writeFile(path.join(base, 'blocked.onnx'), mobileNetwork({ foreignOperator: 'Selu' }));
  await writeFile(path.join(base, 'vit.onnx'), visionTransformer({ gelu: true }));
});
afterAll(async () => {
  await engine.close();
  await rm(base, { recursive: true });
});

const choices = (trunk: Partial<TrunkChoices>, own: Partial<TrainingChoices> = {}): TrainingChoices => ({
  preset: 'small',
  size: 16,
  rows: 8,
  imagesPerClass: 4,
  embeddingDimension: 8,
  paths: 'none',
  heldOut: 0.25,
  steps: 6,
  evaluateEveryEpochs: 1,
  threads: 1,
  trunk: { file: path.join(base, 'mobile.onnx'), cut: 'map', ...trunk },
  ...own,
});

/** The plan with the features of its frozen trunk, as a run has them. */
async function withFeatures(plan: TrainingPlan, folder = path.join(base, 'features')) {
  if (plan.trunk?.config.cached !== true) return { plan, computed: 0, cached: 0 };
  const found = await frozenFeatures(engine, plan.config, plan.trunk, plan.data, { cache: { folder } });
  return { ...found, plan: { ...plan, data: { ...plan.data, features: found.table } } };
}

/** A new run as far as its step 3, and on to the end in a second session, or to the end at once. */
async function trainedRun(own: TrainingChoices, interrupted: boolean) {
  const run = runFolder(path.join(base, `run${++runs}`));
  const plan = await planTraining(dataset, own);
  await startRun(run, plan.config);
  await writeFile(run.backbone, plan.backboneFile!);
  const stop = new AbortController();
  const first = await train({
    plan: (await withFeatures(plan)).plan,
    run,
    engine,
    resume: false,
    signal: stop.signal,
    onEvent: (event) => {
      if (interrupted && event.kind === 'step' && event.progress.step === 3) stop.abort();
    },
  });
  if (!interrupted) return { run, plan, outcome: first };
  expect(first).toMatchObject({ ended: 'interrupted', step: 3 });
  // What a new process has: the folder and the pictures.
  const config = await readRunConfig(run);
  const trunk = (await readTrunk(run.backbone, config.network))!;
  const resumed: TrainingPlan = { config, data: await prepareData(dataset, config), trunk };
  const outcome = await train({ plan: (await withFeatures(resumed)).plan, run, engine, resume: true });
  return { run, plan: resumed, outcome };
}

const cases: readonly { name: string; trunk: Partial<TrunkChoices>; own?: Partial<TrainingChoices>; learnt: number }[] =
  [
    { name: 'all frozen, its features cached', trunk: {}, learnt: 0 },
    { name: 'frozen up to a block', trunk: { freeze: 'block2' }, learnt: 3 },
    { name: 'behind a foreign operator', trunk: { file: 'blocked.onnx', freeze: 'block1' }, learnt: 15 },
    { name: 'all trained', trunk: { freeze: 'none' }, learnt: 27 },
    {
      name: 'a vision transformer, frozen',
      trunk: { file: 'vit.onnx', cut: 'tokens' },
      learnt: 0,
    },
    {
      name: 'a vision transformer with Gelu, all trained',
      trunk: { file: 'vit.onnx', cut: 'tokens', freeze: 'none' },
      learnt: 21,
    },
  ];

describe.each(cases)('a trunk: $name', ({ trunk, own, learnt }) => {
  const chosen = () =>
    choices({ ...trunk, ...(trunk.file === undefined ? {} : { file: path.join(base, trunk.file) }) }, own);

  it('trains, resumes bit for bit, and its model has all that it needs', async () => {
    const whole = await trainedRun(chosen(), false);
    const halves = await trainedRun(chosen(), true);
    expect(halves.outcome.ended).toBe('completed');
    expect(tensorDigests(halves.outcome.weights)).toEqual(tensorDigests(whole.outcome.weights));
    const [one, other] = [await readCheckpoint(whole.run.checkpoint), await readCheckpoint(halves.run.checkpoint)];
    expect(tensorDigests(other.tensors)).toEqual(tensorDigests(one.tensors));

    const names = [...whole.outcome.weights.keys()];
    expect(names.filter((name) => name.startsWith('backbone.'))).toHaveLength(learnt);
    for (const { value } of whole.plan.trunk!.learnt.filter((each) => /weight|scale/.test(each.value.name))) {
      const after = whole.outcome.weights.get(`backbone.${value.name}`)!;
      expect(after.data, `${value.name} has learnt`).not.toEqual(constantOf(value)!.data);
    }

    // The model file alone gives what the network in training gave.
    const { config, data, trunk: cut } = whole.plan;
    const bytes = exportModel(modelGraph(config, whole.outcome.weights, cut));
    const program = await engine.compile(importModel(bytes));
    const pixels = await data.pixels.batch(data.train);
    const found = await embedInFixedBatches(program, { ...config, embeddingBatch: 4, dimension: 8 }, pixels);
    const trainer = await Trainer.create(engine, config, undefined, cut);
    await trainer.load(whole.outcome.weights);
    const features = (await withFeatures(whole.plan)).plan.data.features;
    const expected = await embedPlaces(trainer, data.pixels, data.train, features);
    for (const [place, value] of found.entries()) expect(value).toBeCloseTo(expected[place], 5);
    await trainer.close();
  });
});

describe('features of a frozen trunk', () => {
  it('are computed once for pictures that look the same, and found again by another run', async () => {
    const folder = path.join(base, 'shared');
    const labels = evenClasses(3, 4);
    const twins = pixelDataset(labels);
    const repeated = {
      ...twins,
      images: twins.images.map((image, place) => (place === 5 ? { ...image, source: twins.images[4].source } : image)),
    };
    const plan = await planTraining(repeated, choices({}));
    const first = await withFeatures(plan, folder);
    expect(first).toMatchObject({ cached: 0, computed: 11 });
    const second = await withFeatures(
      await planTraining(repeated, choices({}, { seed: 9, embeddingDimension: 4 })),
      folder,
    );
    expect(second).toMatchObject({ cached: 11, computed: 0 });
    const places = [...plan.data.train];
    expect(second.plan.data.features!.batch(places)).toEqual(first.plan.data.features!.batch(places));
    expect(() => first.plan.data.features!.batch(placesOf([99]))).toThrow(
      'no features are known for the image at place 99',
    );
    // Another cut, or another normalisation, is another model.
    for (const other of [{ cut: 'vector' }, { normalization: 'unit' }] as const) {
      expect(await withFeatures(await planTraining(repeated, choices(other)), folder)).toMatchObject({ cached: 0 });
    }
    // A damaged entry is computed again, with the same result.
    const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.safetensors'));
    for (const name of files) {
      const bytes = await readFile(path.join(folder, name));
      bytes[bytes.length - 1] ^= 1;
      await writeFile(path.join(folder, name), bytes);
    }
    const again = await withFeatures(plan, folder);
    expect(again).toMatchObject({ cached: 0, computed: 11 });
    expect(again.plan.data.features!.batch(places)).toEqual(first.plan.data.features!.batch(places));
  });

  it('do not stop a run that cannot keep them', async () => {
    const plan = await planTraining(dataset, choices({}));
    const warnings: string[] = [];
    const { computed, table } = await frozenFeatures(engine, plan.config, plan.trunk!, plan.data, {
      cache: { folder: path.join(base, 'mobile.onnx', 'below') },
      onWarning: (message) => warnings.push(message),
    });
    expect(computed).toBe(24);
    expect(table.length).toBe(16);
    expect(warnings.at(-1)).toMatch(/^features of pictures are not kept for other runs: cannot /);
  });
});

describe('choices about a trunk', () => {
  const plan = (trunk: Partial<TrunkChoices>, own: Partial<TrainingChoices> = {}) =>
    planTraining(dataset, choices(trunk, own));

  it('go into the configuration, with the hash of the file', async () => {
    const { config } = await plan({ freeze: 'block2', normalization: 'half', channels: 'bgr' });
    expect(config.network).toMatchObject({ backbone: 'onnx', width: 16, batchNormalization: false, dropout: 0 });
    expect(config.network.trunk).toEqual({
      sha256: createHash('sha256').update(mobileNetwork()).digest('hex'),
      cut: 'map',
      frozen: { upTo: 'block2' },
      layout: 'nchw',
      channels: 'bgr',
      mean: [0.5, 0.5, 0.5],
      deviation: [0.5, 0.5, 0.5],
      cached: false,
    });
    expect(config.augmentation.rotation).toBeGreaterThan(0);
  });

  it('cache features of a frozen trunk unless augmentation is asked for', async () => {
    const cached = await plan({});
    expect(cached.config.network.trunk?.cached).toBe(true);
    expect(cached.config.augmentation).toMatchObject({ rotation: 0, grey: 0, mirrorHorizontal: 0 });
    const { augmentation } = (await plan({ freeze: 'none' })).config;
    const augmented = await plan({}, { augmentation });
    expect(augmented.config.network.trunk?.cached).toBe(false);
    expect(augmented.config.augmentation).toEqual(augmentation);
  });

  it.each([
    [
      { cut: 'mapp' },
      /mobile\.onnx' as a backbone: it computes no tensor 'mapp'; did you mean map\? \('lookalike cut-points'/,
    ],
    [{ freeze: 'blok2' }, /it computes no tensor 'blok2'; did you mean block2\?/],
    [{ file: 'missing.onnx' }, /^there is no ONNX file 'missing.onnx': check the path$/],
    [{ file: 'package.json' }, /^cannot use 'package.json' as a backbone: not an ONNX file/],
  ] as const)('say what is wrong with %j', async (trunk, message) => {
    await expect(plan(trunk)).rejects.toThrow(message);
  });

  it('ask for a cut, naming the best', async () => {
    const { cut, ...trunk } = choices({}).trunk!;
    expect(cut).toBe('map');
    await expect(planTraining(dataset, { ...choices({}), trunk })).rejects.toThrow(
      /choices.trunk.cut has to say which of its tensors is used; the best is probably 'map' \('lookalike cut-points' lists them\)$/,
    );
  });

  it('refuse options of built-in backbones, and another file than the run was started with', async () => {
    await expect(plan({}, { dropout: 0.5 })).rejects.toThrow(
      /^choices.dropout: 0.5 was given, but the backbone is an ONNX file/,
    );
    const { config } = await plan({});
    await expect(readTrunk(path.join(base, 'blocked.onnx'), config.network)).rejects.toThrow(
      /its SHA-256 is [0-9a-f]{64}, but the run was started with [0-9a-f]{64}: bring that file back/,
    );
  });
});
