import { afterAll, describe, expect, it } from 'vitest';
import {
  augmentationGolden,
  expectClose,
  goldenImages,
  goldenSample,
  noise,
} from '../../../test/fixtures/augmentation-golden.ts';
import { augmentOneByOne, type PlanarImages } from '../../../test/oracles/augmentation-reference.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { Graph } from '../../graph/builder/graph.ts';
import { float32 } from '../../graph/tensor/tensor.ts';
import {
  type AugmentationSample,
  type AugmentationSettings,
  augmentationPresets,
  colourFeeds,
  sampleAugmentation,
} from './augmentation.ts';
import { colourInputs, recolourImages } from './recolour-images.ts';

const engines = [await OnnxruntimeEngine.create()];
afterAll(() => Promise.all(engines.map((engine) => engine.close())));

const { none, geometric, full } = augmentationPresets;

async function runGraph(images: PlanarImages, sample: AugmentationSample, settings: AugmentationSettings) {
  const { count, width, height, data } = images;
  const graph = new Graph();
  const image = graph.input('image', 'float32', [count, 3, height, width]);
  graph.output('coloured', recolourImages(image, colourInputs(graph, settings, count)!));
  const program = await engines[0].compile(graph);
  const pixels = float32([count, 3, height, width], data);
  return (await program.run({ image: pixels, ...colourFeeds(sample, settings) }))['coloured'].data as Float32Array;
}

describe('recolourImages', () => {
  it('has the colours of the golden case of PyTorch', async () => {
    expectClose(augmentOneByOne(goldenImages, goldenSample, full).data, augmentationGolden.coloured, 1e-5);
    const moved = augmentOneByOne(goldenImages, goldenSample, geometric);
    expectClose(await runGraph(moved, goldenSample, full), augmentationGolden.coloured, 1e-5);
  });

  const still = { rotation: 0, shift: 0, mirrorHorizontal: 0 };
  it.each<[string, AugmentationSettings]>([
    ['full', { ...full, ...still, zoom: [1, 1], aspect: [1, 1] }],
    ['wide ranges', { ...none, grey: 0.3, saturation: [0, 2], contrast: [0.2, 3], brightness: [0.5, 2] }],
  ])('does what is done pixel by pixel: %s', async (_, settings) => {
    const images = noise(8, 20, 12);
    const sample = sampleAugmentation(settings, 8, 20, 12, RandomSource.fromSeed(4));
    expectClose(await runGraph(images, sample, settings), augmentOneByOne(images, sample, settings).data, 1e-4);
  });

  it('asks for no input where colours never change', () => {
    const graph = new Graph();
    expect(colourInputs(graph, geometric, 2)).toBeUndefined();
    expect(graph.inputs).toEqual([]);
  });

  it('refuses a batch whose size is not known', () => {
    const graph = new Graph();
    const image = graph.input('image', 'float32', ['N', 3, 4, 4]);
    const change = colourInputs(graph, full, 'N')!;
    expect(() => recolourImages(image, change)).toThrow('augmentation needs a shape known in advance');
  });
});
