import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { OnnxruntimeEngine } from '../engines/onnxruntime-engine.ts';
import { Graph } from '../graph/graph.ts';
import { RandomSource } from '../random/random-source.ts';
import { float32 } from '../tensor/tensor.ts';
import { affineMap } from './affine-map.ts';
import { augmentationInputs, augmentImages } from './augment-graph.ts';
import {
  type AugmentationSample,
  type AugmentationSettings,
  augmentationFeeds,
  augmentationPresets,
  sampleAugmentation,
} from './augmentation.ts';
import { augmentOneByOne, type PlanarImages } from './augmentation-reference.ts';

const engines = [await OnnxruntimeEngine.create()];
afterAll(() => Promise.all(engines.map((engine) => engine.close())));

const { none, geometric, full } = augmentationPresets;

async function runGraph(images: PlanarImages, sample: AugmentationSample, settings: AugmentationSettings) {
  const { count, width, height, data } = images;
  const graph = new Graph();
  const image = graph.input('image', 'float32', [count, 3, height, width]);
  graph.output('augmented', augmentImages(image, augmentationInputs(graph, settings, count), settings));
  const program = await engines[0].compile(graph);
  const pixels = float32([count, 3, height, width], data);
  return (await program.run({ image: pixels, ...augmentationFeeds(sample, settings) }))['augmented']
    .data as Float32Array;
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  const differences = Array.from(expected, (value, i) => Math.abs(value - actual[i]));
  expect(differences.reduce((a, b) => Math.max(a, b), 0)).toBeLessThan(tolerance);
}

function noise(count: number, width: number, height: number): PlanarImages {
  const random = RandomSource.fromSeed(9);
  return {
    count,
    width,
    height,
    data: Float32Array.from({ length: count * 3 * width * height }, () => random.uniform()),
  };
}

type GoldenArrays = Readonly<
  Record<
    | 'image'
    | 'rotation'
    | 'zoom'
    | 'aspect'
    | 'mirror'
    | 'shiftX'
    | 'shiftY'
    | 'theta'
    | 'white'
    | 'black'
    | 'nearest'
    | 'saturation'
    | 'channelGain'
    | 'contrast'
    | 'brightness'
    | 'coloured',
    readonly number[]
  >
>;
const golden: { readonly count: number; readonly size: number } & GoldenArrays = JSON.parse(
  readFileSync(new URL('../../test/golden/augmentation.json', import.meta.url), 'utf8'),
);

describe('the golden case of PyTorch', () => {
  const { count, size } = golden;
  const images = { count, width: size, height: size, data: Float32Array.from(golden.image) };
  const sample: AugmentationSample = {
    count,
    theta: Float32Array.from(golden.theta),
    colour: {
      saturation: Float32Array.from(golden.saturation),
      channelGain: Float32Array.from(golden.channelGain),
      contrast: Float32Array.from(golden.contrast),
      brightness: Float32Array.from(golden.brightness),
    },
  };

  it('has our affine maps', () => {
    const maps = golden.rotation.map((rotation, row) =>
      affineMap({
        rotation,
        zoomX: golden.zoom[row],
        zoomY: golden.zoom[row],
        aspect: golden.aspect[row],
        shear: 0,
        mirrorX: golden.mirror[row] < 0,
        mirrorY: false,
        // PyTorch counts a picture's side as 2.
        shiftX: golden.shiftX[row] / 2,
        shiftY: golden.shiftY[row] / 2,
        width: size,
        height: size,
      }),
    );
    expectClose(maps.flat(), golden.theta, 1e-6);
  });

  it.each([
    ['white', { ...geometric, fill: 'white' }, golden.white],
    ['black', { ...geometric, fill: 'black' }, golden.black],
    ['nearest', { ...geometric, fill: 'nearest' }, golden.nearest],
    ['coloured', full, golden.coloured],
  ] as const)('has our pictures: %s', async (_, settings, expected) => {
    expectClose(augmentOneByOne(images, sample, settings).data, expected, 1e-5);
    expectClose(await runGraph(images, sample, settings), expected, 1e-5);
  });
});

describe('augmentImages', () => {
  const everything = { ...full, shear: 0.3, mirrorVertical: 0.5, pixelShift: 2, zoomPerAxis: true };
  it.each<[string, AugmentationSettings]>([
    ...Object.entries(augmentationPresets),
    ['everything', everything],
    ['everything, nearest', { ...everything, fill: 'nearest' }],
    ['everything, black', { ...everything, fill: 'black' }],
    ['mirrors', { ...none, mirrorHorizontal: 0.5, mirrorVertical: 0.5 }],
    ['colours alone', { ...none, grey: 0.3, saturation: [0, 2], contrast: [0.2, 3], brightness: [0.5, 2] }],
  ])('does what is done pixel by pixel: %s', async (_, settings) => {
    const images = noise(8, 20, 12);
    const sample = sampleAugmentation(settings, 8, 20, 12, RandomSource.fromSeed(4));
    const expected = augmentOneByOne(images, sample, settings).data;
    expectClose(await runGraph(images, sample, settings), expected, 1e-4);
  });

  it('shifts whole pixels without touching their values', async () => {
    const settings = augmentationPresets['pixel-shift'];
    const images = noise(6, 11, 7);
    const sample = sampleAugmentation(settings, 6, 11, 7, RandomSource.fromSeed(1));
    const shifted = await runGraph(images, sample, settings);
    for (let row = 0; row < 6; row++) {
      const right = Math.round((sample.theta[row * 6 + 2] * 11) / 2);
      const down = Math.round((sample.theta[row * 6 + 5] * 7) / 2);
      for (let place = 0; place < 3 * 7 * 11; place++) {
        const [x, y] = [(place % 11) + right, (Math.floor(place / 11) % 7) + down];
        const inside = x >= 0 && x < 11 && y >= 0 && y < 7;
        const from = images.data[row * 231 + place + right + down * 11];
        expect(shifted[row * 231 + place]).toBeCloseTo(inside ? from : 1, 6);
      }
    }
  });

  it('adds no node where nothing is asked for', () => {
    const graph = new Graph();
    const image = graph.input('image', 'float32', [2, 3, 4, 4]);
    expect(augmentImages(image, augmentationInputs(graph, none, 2), none)).toBe(image);
    expect(graph.inputs).toEqual([image]);
  });

  it('refuses a batch whose size is not known', () => {
    const graph = new Graph();
    const image = graph.input('image', 'float32', ['N', 3, 4, 4]);
    const inputs = augmentationInputs(graph, geometric, 'N');
    expect(() => augmentImages(image, inputs, geometric)).toThrow('augmentation needs a shape known in advance');
  });
});
