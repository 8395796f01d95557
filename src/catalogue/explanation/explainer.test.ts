import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyDescription, writeTinyModel } from '../../../test/fixtures/tiny-model.ts';
import type { Engine } from '../../engines/engine.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { ModelError } from '../../foundation/errors/model-error.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { Graph } from '../../graph/builder/graph.ts';
import { cast, concat, flatten, gemm, l2Normalize, mul, relu, sub, transpose } from '../../graph/builder/operations.ts';
import { float32, tensor } from '../../graph/tensor/tensor.ts';
import { preprocessingRule } from '../../pictures/preparation/preprocessing-rule.ts';
import { writeModel } from '../embedding/model-file.ts';
import { Explainer } from './explainer.ts';
import { addedHeat, drawHeat, drawHeats } from './heat-map.ts';
import { occlusion, rankCorrelation } from './occlusion.ts';

let folder: string;
let engine: Engine;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'explainer-'));
  engine = await OnnxruntimeEngine.create({ threads: 1 });
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

const side = 4;
const inputs = 3 * side * side;
const random = RandomSource.fromSeed(10, 'explained');
/** Normal numbers in steps of 1 / 32, which are bytes of as many steps. */
const drawn = (length: number) => Array.from({ length }, () => Math.round(32 * random.normal()) / 32);
const weights = { first: drawn(5 * inputs), second: drawn(5 * inputs), bias: drawn(5) };

/**
 * Two paths, one that likes bright pixels and one that likes dark ones, each of unit length, and a linear layer with a bias.
 *
 * @param inBytes keeps the layer's weight in bytes, as small model files do.
 */
async function writeTwoPaths(file: string, inBytes: boolean): Promise<void> {
  const graph = new Graph();
  const image = graph.input('image', 'uint8', ['N', side, side, 3]);
  const pixels = sub(mul(cast(transpose(image, [0, 3, 1, 2]), 'float32'), 1 / 255), 0.5);
  const constant = (name: string, shape: number[], values: number[]) => graph.constant(float32(shape, values), name);
  const one = constant('backbone.scale', [1, 1, 1, 1], [2]);
  const other = constant('path1.scale', [1, 1, 1, 1], [-3]);
  const paths = [one, other].map((scale) => l2Normalize(flatten(relu(mul(pixels, scale)))));
  const values = Array.from({ length: 5 }, (_, row) =>
    [weights.first, weights.second].flatMap((half) => half.slice(row * inputs, (row + 1) * inputs)),
  ).flat();
  const shape = [5, 2 * inputs];
  const bytes = tensor(
    'int8',
    shape,
    Int8Array.from(values, (value) => 32 * value),
  );
  const weight = inBytes
    ? mul(cast(graph.constant(bytes, 'embedding.weight.bytes'), 'float32'), 1 / 32)
    : constant('embedding.weight', shape, values);
  const bias = constant('embedding.bias', [5], weights.bias);
  graph.output('embedding', l2Normalize(gemm(concat(paths, 1), weight, bias, { transB: 1 })));
  await writeModel(file, graph, { ...tinyDescription, preprocessing: preprocessingRule(side, side) }, { engine });
}

/** The same by loops: the part of the embedding that each path is, and the embedding. */
function partsOf(pixels: Uint8Array) {
  const channelled = Array.from({ length: inputs }, (_, at) => {
    const [channel, place] = [Math.floor(at / (side * side)), at % (side * side)];
    return pixels[3 * place + channel] / 255 - 0.5;
  });
  const unit = (values: number[]) => values.map((value) => value / Math.hypot(...values));
  const mapped = (matrix: number[], x: number[]) =>
    Array.from({ length: 5 }, (_, row) => x.reduce((sum, value, at) => sum + matrix[row * inputs + at] * value, 0));
  const convnet = mapped(weights.first, unit(channelled.map((value) => Math.max(0, 2 * value))));
  const path1 = mapped(weights.second, unit(channelled.map((value) => Math.max(0, -3 * value))));
  const whole = convnet.map((value, row) => value + path1[row] + weights.bias[row]);
  return { convnet, path1, bias: weights.bias, whole, embedding: unit(whole) };
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, at) => sum + value * b[at], 0);
const pictures = [1, 2].map((seed) => {
  const bytes = RandomSource.fromSeed(seed, 'pixels');
  return Uint8Array.from({ length: inputs }, () => bytes.integer(256));
});
const image = (data: Uint8Array) => ({ width: side, height: side, channels: 3 as const, data });

describe('Explainer', () => {
  it.each([false, true])(
    'says what share of the cosine each path has, as loops do, all of them 1 together (bytes: %s)',
    async (inBytes) => {
      const file = path.join(folder, `paths-${inBytes}.onnx`);
      await writeTwoPaths(file, inBytes);
      await using explainer = await Explainer.open(file, engine);
      const { similarity, shares } = await explainer.explain(image(pictures[0]), image(pictures[1]));
      const [a, b] = pictures.map(partsOf);
      expect(similarity).toBeCloseTo(dot(a.embedding, b.embedding), 4);
      const share = (part: 'convnet' | 'path1' | 'bias') =>
        (dot(a[part], b.embedding) / dot(a.whole, b.embedding) +
          dot(b[part], a.embedding) / dot(b.whole, a.embedding)) /
        2;
      const found = new Map(shares.map(({ path, share }) => [path, share]));
      expect([...found.keys()].sort()).toEqual(['bias', 'convnet', 'path 1']);
      expect(found.get('convnet')).toBeCloseTo(share('convnet'), 3);
      expect(found.get('path 1')).toBeCloseTo(share('path1'), 3);
      expect(found.get('bias')).toBeCloseTo(share('bias'), 3);
      expect(shares.reduce((sum, one) => sum + one.share, 0)).toBeCloseTo(1, 6);
      expect(shares.at(-1)!.path).toBe('bias');
    },
  );

  it('has heat that is about what the picture adds to the likeness of its ground, where it is', async () => {
    const file = path.join(folder, 'tiny.onnx');
    await writeTinyModel(file, 1);
    await using explainer = await Explainer.open(file, engine);
    const scene = (x: number) =>
      Uint8Array.from({ length: 16 * 16 * 3 }, (_, at) => {
        const [column, row] = [Math.floor(at / 3) % 16, Math.floor(at / 48)];
        return column >= x && column < x + 5 && row >= 3 && row < 8 ? 20 : 240;
      });
    const [one, other] = [scene(3), scene(4)].map((data) => ({ width: 16, height: 16, channels: 3 as const, data }));
    const { first, similarity } = await explainer.explain(one, other);
    const ground = { ...one, data: new Uint8Array(one.data.length).fill(240) };
    const { similarity: ofGround } = await explainer.explain(ground, other);
    const offWith = async (steps: number) => {
      const { first: appeared } = await explainer.explain(one, other, { steps });
      const total = appeared.gradient.heat.data.reduce((sum, value) => sum + value, 0);
      return Math.abs(total - (similarity - ofGround)) / Math.abs(similarity - ofGround);
    };
    expect(await offWith(16)).toBeLessThan(0.05);
    expect(await offWith(64)).toBeLessThan(0.005);
    const inside = first.gradient.heat.data.reduce((sum, value, at) => {
      const [column, row] = [at % 16, Math.floor(at / 16)];
      return column >= 1 && column < 10 && row >= 1 && row < 10 ? sum + Math.abs(value) : sum;
    }, 0);
    const all = first.gradient.heat.data.reduce((sum, value) => sum + Math.abs(value), 0);
    expect(inside / all).toBeGreaterThan(0.9);
    expect(first.gradient.agreement).toBeGreaterThan(0.5);
    const drawn = { picture: first.picture, heat: first.gradient.heat };
    const both = drawHeat([drawn, drawn]);
    expect(both).toMatchObject({ width: 2 * 384 + 12, height: 384 });
    const [alone, same] = drawHeats([drawn, drawn]);
    expect(alone).toMatchObject({ width: 384, height: 384 });
    expect(same.data).toEqual(alone.data);
    const row = (from: number) =>
      both.data.subarray((100 * both.width + from) * 3, (100 * both.width + from + 384) * 3);
    for (const from of [0, 396])
      expect(Buffer.compare(row(from), alone.data.subarray(100 * 384 * 3, 101 * 384 * 3))).toBe(0);
  });

  it('refuses a model that has no places, and what is no model', async () => {
    const graph = new Graph();
    const picture = graph.input('image', 'uint8', ['N', side, side, 3]);
    const values = cast(flatten(picture), 'float32');
    graph.output('embedding', l2Normalize(relu(values)));
    const file = path.join(folder, 'flat.onnx');
    await writeModel(file, graph, { ...tinyDescription, preprocessing: preprocessingRule(side, side) }, { engine });
    await expect(Explainer.open(file, engine)).rejects.toThrow(/has no feature maps/);
    await expect(Explainer.open(path.join(folder, 'none.onnx'), engine)).rejects.toBeInstanceOf(ModelError);
  });
});

describe('addedHeat', () => {
  it('spreads a map over the picture and keeps its sum', () => {
    const map = { width: 2, height: 2, data: Float32Array.of(1, 1, 1, 1) };
    const { data } = addedHeat([map, map], 8, 6);
    expect(data.every((value) => Math.abs(value - 8 / 48) < 1e-6)).toBe(true);
  });
});

describe('rankCorrelation', () => {
  it('is 1 and -1 for the same and the opposite order, and takes equals by their mean rank', () => {
    expect(rankCorrelation([1, 5, 9], [2, 3, 100])).toBeCloseTo(1, 12);
    expect(rankCorrelation([1, 5, 9], [3, 2, 1])).toBeCloseTo(-1, 12);
    // Ranks 0, 1.5, 1.5, 3 against 0, 1, 2, 3.
    expect(rankCorrelation([1, 2, 2, 3], [1, 2, 3, 4])).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 12);
    expect(rankCorrelation([1, 1], [1, 2])).toBeNaN();
  });
});

describe('occlusion', () => {
  it('finds that covering takes most where the picture differs from its ground', async () => {
    const data = new Uint8Array(16 * 16 * 3).fill(200);
    data.set([0, 0, 0], (2 * 16 + 2) * 3);
    const embed = async (pixels: Uint8Array) =>
      Float32Array.from({ length: pixels.length / data.length }, (_, row) =>
        pixels.subarray(row * data.length, (row + 1) * data.length).includes(0) ? 1 : 0.5,
      );
    const covered = await occlusion({ width: 16, height: 16, data }, Float32Array.of(1), embed);
    expect(covered).toHaveLength(49);
    expect(covered[0].loss).toBeCloseTo(0.5, 6);
    expect(covered[48].loss).toBe(0);
  });
});
