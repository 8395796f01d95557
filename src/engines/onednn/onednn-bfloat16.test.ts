import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { interpret } from '../../../test/oracles/reference/interpret.ts';
import {
  everything,
  needingOneDnn,
  oneDnnEngine,
  openOneDnn,
  withoutOneDnn,
} from '../../../test/support/onednn-here.ts';
import { relativeDifference } from '../../../test/support/relative-difference.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { Graph } from '../../graph/builder/graph.ts';
import type { OperatorName } from '../../graph/operators/operator.ts';
import { type StaticShape, sizeOf } from '../../graph/tensor/shape.ts';
import { float32, type Tensor, toNumbers } from '../../graph/tensor/tensor.ts';
import type { OneDnnEngine } from './onednn-engine.ts';
import { OneDnnProgram } from './onednn-program.ts';

const lacking =
  withoutOneDnn ??
  ((await openOneDnn()).instructions.bfloat16 ? undefined : 'this processor has no instructions for bfloat16');

const random = RandomSource.fromSeed(7);

/** Numbers that bfloat16 has exactly, so that only what is computed of them is rounded. */
const rounded = (shape: StaticShape, change: (value: number) => number = (value) => value): Tensor => {
  const values = Float32Array.from({ length: sizeOf(shape) }, () => change(random.normal()));
  const words = new Uint32Array(values.buffer);
  for (const [place, word] of words.entries()) words[place] = word & 0xffff0000;
  return float32(shape, values);
};
const positive = (value: number) => Math.abs(value) + 0.5;

interface Case {
  readonly op: OperatorName;
  readonly of: readonly Tensor[];
  readonly with?: Readonly<Record<string, unknown>>;
  readonly outputs?: number;
}

const image = () => rounded([3, 24, 10, 9]);
const filters = () => rounded([32, 24, 3, 3]);
const window = { kernelShape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] };
const pooled = [3, 24, 5, 5] as const;
const same = { kernelShape: [3, 3], pads: [1, 1, 1, 1] };
const pooledImage = image();
const responses = { size: 5, alpha: 5e-4, beta: 0.75, bias: 2 };
const channels = () => rounded([24]);

/** The largest of each window, in plain loops. */
function largest({ data }: Tensor): Tensor {
  const out = new Float32Array(sizeOf(pooled));
  for (let plane = 0; plane < 72; plane++)
    for (let row = 0; row < 5; row++)
      for (let column = 0; column < 5; column++) {
        let most = Number.NEGATIVE_INFINITY;
        for (let y = 2 * row - 1; y < 2 * row + 2; y++)
          for (let x = 2 * column - 1; x < 2 * column + 2; x++)
            if (y >= 0 && y < 10 && x >= 0 && x < 9) most = Math.max(most, Number(data[(plane * 10 + y) * 9 + x]));
        out[(plane * 5 + row) * 5 + column] = most;
      }
  return float32(pooled, out);
}

const cases: readonly Case[] = [
  { op: 'Conv', of: [image(), filters(), rounded([32])], with: same },
  { op: 'Conv', of: [rounded([2, 16, 9, 9]), rounded([16, 1, 3, 3])], with: { ...same, group: 16 } },
  {
    op: 'ConvInputGradient',
    of: [rounded([3, 32, 10, 9]), filters()],
    with: { ...same, imageShape: [3, 24, 10, 9] },
  },
  { op: 'ConvWeightGradient', of: [image(), rounded([3, 32, 10, 9])], with: same, outputs: 2 },
  { op: 'MaxPool', of: [pooledImage], with: window },
  { op: 'MaxPoolGradient', of: [pooledImage, largest(pooledImage), rounded(pooled)], with: window },
  { op: 'AveragePool', of: [image()], with: window },
  { op: 'AveragePoolGradient', of: [rounded(pooled)], with: { ...window, imageShape: [3, 24, 10, 9] } },
  { op: 'GlobalAveragePool', of: [image()] },
  { op: 'BatchNormalization', of: [image(), channels(), channels(), channels(), rounded([24], positive)] },
  {
    op: 'BatchNormalization',
    of: [image(), channels(), channels(), channels(), rounded([24], positive)],
    with: { trainingMode: 1, momentum: 0 },
    outputs: 3,
  },
  {
    op: 'BatchNormalizationGradient',
    of: [image(), image(), channels(), channels(), rounded([24], positive)],
    outputs: 3,
  },
  { op: 'Gemm', of: [rounded([40, 96]), rounded([56, 96]), rounded([56])], with: { transB: 1 } },
  { op: 'MatMul', of: [rounded([3, 20, 64]), rounded([3, 64, 48])] },
  { op: 'Relu', of: [image()] },
  { op: 'ReluGradient', of: [image(), rounded([3, 24, 10, 9], (value) => Math.max(value, 0))] },
  { op: 'LRN', of: [image()], with: responses },
  { op: 'LrnGradient', of: [image(), image()], with: responses },
  { op: 'Softmax', of: [rounded([40, 64])] },
  { op: 'Add', of: [image(), image()] },
  { op: 'Mul', of: [rounded([3, 20, 64]), rounded([64])] },
  { op: 'Sum', of: [image(), image(), image()] },
  { op: 'LayerNormalization', of: [rounded([3, 20, 64]), rounded([64]), rounded([64])] },
  {
    op: 'LayerNormalizationGradient',
    of: [rounded([3, 20, 64]), rounded([3, 20, 64]), rounded([64])],
    outputs: 3,
  },
  { op: 'FusedGelu', of: [rounded([3, 20, 64])] },
  { op: 'FusedGelu', of: [rounded([3, 20, 64])], with: { approximate: 'tanh' } },
  { op: 'GeluGradient', of: [rounded([3, 20, 64]), rounded([3, 20, 64]), rounded([3, 20, 64])] },
];

describe.skipIf(lacking !== undefined)(
  lacking === undefined ? 'OneDnnEngine in bfloat16' : needingOneDnn('OneDnnEngine in bfloat16'),
  () => {
    let engine: OneDnnEngine;
    beforeAll(async () => {
      engine = await oneDnnEngine({ precision: 'bfloat16' }, everything);
    });
    afterAll(() => engine.close());

    it.each(cases)(
      'is within 5e-3 of the float64 reference: $op',
      async ({ op, of, with: attributes = {}, outputs }) => {
        const graph = new Graph();
        const inputs = of.map((value, place) => graph.input(`x${place}`, 'float32', value.shape));
        const results = graph.apply(op, inputs, attributes as never, { outputs: outputs ?? 1 });
        for (const [place, result] of results.entries()) graph.output(`y${place}`, result);
        const feeds = () =>
          Object.fromEntries(of.map((value, place) => [`x${place}`, float32(value.shape, toNumbers(value))]));
        const program = await engine.compile(graph);
        expect(program).toBeInstanceOf(OneDnnProgram);
        const found = await program.run(feeds());
        for (const [name, expected] of Object.entries(interpret(graph, feeds()))) {
          expect(found[name].type).toBe('float32');
          expect(relativeDifference(toNumbers(found[name]), toNumbers(expected)), name).toBeLessThan(5e-3);
        }
        await program.release();
      },
    );
  },
);
