import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { OnnxruntimeEngine } from '../src/engines/onnxruntime/onnxruntime-engine.ts';
import { Graph, type Value } from '../src/graph/builder/graph.ts';
import { float32, toNumbers } from '../src/graph/tensor/tensor.ts';
import { alexnetTvBackbone } from '../src/ranking/networks/convnets/alexnet.ts';
import type { BackboneName } from '../src/ranking/networks/convnets/backbone-table.ts';
import type { Backbone, ConvNet } from '../src/ranking/networks/convnets/define-backbone.ts';
import { resnet18Backbone, resnet50Backbone } from '../src/ranking/networks/convnets/resnet.ts';
import { vgg16Backbone, vgg16BnBackbone } from '../src/ranking/networks/convnets/vgg16.ts';
import { multiScaleNetwork } from '../src/ranking/networks/multi-scale.ts';
import type { NetworkConfig } from '../src/ranking/networks/network-config.ts';
import { InferenceScope, type NetworkScope, TrainingScope } from '../src/ranking/networks/network-scope.ts';
import { normalizePixels } from '../src/ranking/networks/normalize-pixels.ts';
import { type AssignedWeights, assignWeights } from '../src/training/weights/assign-weights.ts';
import { importableBackbone } from '../src/training/weights/importable-backbones.ts';
import { kerasRules } from '../src/training/weights/keras-rules.ts';
import type { LearntTensor } from '../src/training/weights/learnt-tensors.ts';
import { caffePixels, imagenetPixels, type PixelRule, unitPixels } from '../src/training/weights/pixel-rule.ts';
import { torchRules } from '../src/training/weights/torch-rules.ts';
import { readWeightFile } from '../src/training/weights/weight-file.ts';
import { hashedPictures } from './support/hashed-numbers.ts';
import { relativeDifference } from './support/relative-difference.ts';
import { smallNetwork } from './support/small-run.ts';

// Weights of thin networks (every layer divided by 32) that the reference libraries wrote, see `golden/weights.py`, loaded here
// and compared by what the networks make of a picture.

const numbers = z.array(z.number());
const golden = z
  .object({
    cases: z.record(
      z.string(),
      z.object({
        side: z.number(),
        features: numbers.optional(),
        convolutional: numbers.optional(),
        embedding: numbers.optional(),
      }),
    ),
  })
  .parse(JSON.parse(await readFile(new URL('golden/weights.json', import.meta.url), 'utf8')));

const thinness = 32;
const file = (name: string) => fileURLToPath(new URL(`golden/weights/${name}`, import.meta.url));

type Build = (scope: NetworkScope, image: Value, config: NetworkConfig) => Value;

/** Parameters and statistics of what a function builds. */
function learntOf(build: Build, config: NetworkConfig): LearntTensor[] {
  const graph = new Graph();
  const scope = new TrainingScope(graph, false);
  build(scope, graph.input('image', 'float32', [1, 3, config.height, config.width]), config);
  return [...scope.parameters.values(), ...scope.statistics.values()].map(({ spec }) => spec);
}

let engine: OnnxruntimeEngine;
beforeAll(async () => {
  engine = await OnnxruntimeEngine.create();
});
afterAll(() => engine.close());

async function outputOf(build: Build, config: NetworkConfig, { weights }: AssignedWeights): Promise<number[]> {
  const graph = new Graph();
  const image = graph.input('image', 'float32', [1, 3, config.height, config.width]);
  graph.output('y', build(new InferenceScope(graph, weights), normalizePixels(image, config), config));
  const program = await engine.compile(graph);
  const { y } = await program.run({ image: picture(config.width) });
  await program.release();
  return toNumbers(y);
}

/** The picture of the golden files: values 0 to 1, channels first. */
function picture(side: number) {
  const { data } = hashedPictures(1, side);
  return float32(
    [1, 3, side, side],
    Array.from({ length: data.length }, (_, i) => data[(i % (side * side)) * 3 + Math.floor(i / (side * side))] / 255),
  );
}

const config = (side: number, backbone: keyof typeof builders, { pixelMean, pixelDeviation }: PixelRule) =>
  smallNetwork(side, { backbone, pixelMean, pixelDeviation, paths: 'none' });

const builders = {
  vgg16: vgg16Backbone,
  'vgg16-bn': vgg16BnBackbone,
  'alexnet-tv': alexnetTvBackbone,
  resnet18: resnet18Backbone,
  resnet50: resnet50Backbone,
} as const satisfies Partial<Record<BackboneName, Backbone>>;

describe('safetensors by the reference library', () => {
  it.each([
    ['vgg16', 'vgg16'],
    ['vgg16', 'vgg16-timm'],
    ['vgg16-bn', 'vgg16-bn'],
    ['alexnet-tv', 'alexnet-tv'],
    ['resnet18', 'resnet18'],
    ['resnet50', 'resnet50'],
  ] as const)('gives the features that PyTorch gets: %s from %s', async (backbone, name) => {
    const { side, features = [] } = golden.cases[backbone];
    const build: Build = (scope, image, own) => builders[backbone](scope, image, own, thinness);
    const network = config(side, backbone, imagenetPixels);
    const learnt = learntOf(build, network);
    const assigned = assignWeights(
      await readWeightFile(file(`${name}.safetensors`)),
      torchRules(importableBackbone(backbone).weights),
      learnt,
    );
    expect(assigned.loaded.map((one) => one.name)).toEqual(learnt.map((one) => one.name));
    expect(assigned.drawn).toEqual([]);
    const reasons = new Set(assigned.skipped.map(({ reason }) => reason));
    const counters = backbone.startsWith('resnet') || backbone === 'vgg16-bn';
    expect(reasons.has('a counter that nothing here needs')).toBe(counters);
    expect(relativeDifference(await outputOf(build, network, assigned), features)).toBeLessThan(1e-4);
  });
});

describe('Keras HDF5', () => {
  it('loads VGG16 without its top, whose filters are for BGR and values to 255', async () => {
    const { side, convolutional = [] } = golden.cases['vgg16-notop'];
    const read = await readWeightFile(file('vgg16-notop.h5'));
    const network = config(side, 'vgg16', caffePixels);
    const rules = kerasRules([...read.tensors.keys()], network);
    expect(rules.pixels).toBe(caffePixels);
    const whole: Build = (scope, image, own) => vgg16Backbone(scope, image, own, thinness);
    const assigned = assignWeights(read, rules, learntOf(whole, network));
    expect(assigned.loaded).toHaveLength(26);
    expect(assigned.drawn.map(({ name }) => name)).toEqual(
      [1, 2].flatMap((layer) => [`backbone.dense${layer}.weight`, `backbone.dense${layer}.bias`]),
    );
    // Dense layers that let the pooled maps through as they are: 16 features in, and none is below 0.
    const eye = (rows: number, columns: number) =>
      float32(
        [rows, columns],
        Array.from({ length: rows * columns }, (_, i) => (Math.floor(i / columns) === i % columns ? 1 : 0)),
      );
    const weights = new Map(assigned.weights);
    weights.set('backbone.dense1.weight', eye(128, 16)).set('backbone.dense2.weight', eye(128, 128));
    for (const layer of [1, 2]) weights.set(`backbone.dense${layer}.bias`, float32([128], new Float32Array(128)));
    const found = await outputOf(whole, network, { ...assigned, weights });
    expect(relativeDifference(found.slice(0, 16), convolutional)).toBeLessThan(1e-4);
  });

  it("loads the article's whole network: paths, dense layers and the embedding's order, too", async () => {
    const { side, embedding = [] } = golden.cases['deepranking'];
    const read = await readWeightFile(file('deepranking.h5'));
    const network = smallNetwork(side, {
      backbone: 'vgg16',
      paths: 'strided',
      embeddingDimension: 8,
      batchNormalization: false,
      pixelMean: 0,
      pixelDeviation: 1,
    });
    const rules = kerasRules([...read.tensors.keys()], network);
    expect(rules.pixels).toBe(unitPixels);
    const thin: ConvNet = {
      build: (scope, image, own) => vgg16Backbone(scope, image, own, thinness),
      pixels: 'normalized',
    };
    const build: Build = (scope, image, own) => multiScaleNetwork(scope, image, own, thin);
    const assigned = assignWeights(read, rules, learntOf(build, network));
    expect(assigned.drawn).toEqual([]);
    expect(assigned.skipped).toEqual([]);
    expect(relativeDifference(await outputOf(build, network, assigned), embedding)).toBeLessThan(1e-4);
  });
});
