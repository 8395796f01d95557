import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import {
  type ForeignFile,
  float,
  foreignModel,
  int,
  ints,
  node,
  text,
} from '../../../../test/fixtures/foreign-model.ts';
import { RandomSource } from '../../../foundation/random/random-source.ts';
import { exportModel } from '../../export/export-model.ts';
import { operatorVersions } from '../../onnx/operator-versions.ts';
import { operatorNames } from '../../operators/operator.ts';
import { importedOpsets } from '../../operators/opset.ts';
import { float32, int64Vector } from '../../tensor/tensor.ts';
import { importModel } from '../import-model.ts';
import { upgradeCases } from './upgrade.cases.ts';
import { upgradeTable } from './upgrade-table.ts';

/**
 * The versions of each operator, after opset 7, that say the same as before: they allow axes to be counted from the
 * end, have a new attribute or input whose absence means what was meant before, or are only worded differently.
 */
const sameMeaning: Readonly<Record<string, readonly number[]>> = {
  Abs: [13],
  Add: [14],
  ArgMax: [11, 12, 13],
  BatchNormalization: [15],
  Cast: [9, 13, 19, 24],
  Ceil: [13],
  Clip: [13],
  Concat: [11],
  DequantizeLinear: [13, 19, 21, 23],
  Div: [14],
  Floor: [13],
  Gather: [11, 13],
  GatherElements: [13],
  Gemm: [11, 13],
  Identity: [14],
  LRN: [13],
  LogSoftmax: [11],
  Max: [8],
  Min: [8],
  Mul: [14],
  Pow: [12],
  QuantizeLinear: [13, 19, 21, 23, 25],
  Range: [27],
  ReduceLogSumExp: [11, 13],
  ReduceMax: [12, 13, 20],
  ReduceMean: [11, 13],
  ReduceMin: [12, 13, 20],
  ReduceSum: [11],
  Reshape: [14],
  ScatterElements: [16, 18],
  Shape: [15],
  Slice: [11, 13],
  Softmax: [11],
  Sub: [14],
  Sum: [8],
  TopK: [11],
  Unsqueeze: [11],
};

async function run(bytes: Uint8Array, x: ort.Tensor, outputs: readonly string[]): Promise<ort.Tensor[]> {
  const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 4, graphOptimizationLevel: 'disabled' });
  const results = await session.run({ x });
  await session.release();
  return outputs.map((name) => results[name]);
}

describe('upgrades', () => {
  it('answer for every change of an operator of our set in the opsets that are accepted', () => {
    const { oldest, newest } = importedOpsets;
    const open = operatorNames.flatMap((op) => {
      const upgrades = upgradeTable[op] ?? [];
      if (upgrades.some(({ before }) => before === undefined)) return [];
      const answered = [...(sameMeaning[op] ?? []), ...upgrades.map(({ before }) => before)];
      const changes = (operatorVersions[op] ?? []).filter((version) => version > oldest && version <= newest);
      const first = Math.min(...(operatorVersions[op] ?? []));
      return changes
        .filter((version) => version > first && !answered.includes(version))
        .map((version) => `${op} ${version}`);
    });
    expect(open).toEqual([]);
  });

  const scales = { scales: float32([4], [1, 1, 0.5, 2]) };
  it.each<[string, Omit<ForeignFile, 'outputs' | 'inputs'>]>([
    ["its mode is 'wrap'", { opset: 19, nodes: [node('Pad', ['x', 'pads'], ['y'], { mode: text('wrap') })] }],
    [
      "its attribute 'dilations' is not all 1",
      { opset: 19, nodes: [node('AveragePool', ['x'], ['y'], { kernel_shape: ints(2, 2), dilations: ints(2, 1) })] },
    ],
    ['its mask is numbers', { opset: 9, nodes: [node('Dropout', ['x'], ['d', 'y'])] }],
    [
      'its saved_mean or saved_var is read',
      { opset: 9, nodes: [node('BatchNormalization', ['x', 'c', 'c', 'c', 'c'], ['b', '', '', 'y'])] },
    ],
    [
      "its attribute 'spatial' is 0",
      { opset: 8, nodes: [node('BatchNormalization', ['x', 'c', 'c', 'c', 'c'], ['y'], { spatial: int(0) })] },
    ],
    ['it enlarges one axis and shrinks another', { opset: 10, nodes: [node('Resize', ['x', 'scales'], ['y'])] }],
    [
      'its keep_aspect_ratio_policy is not stretch',
      {
        opset: 18,
        nodes: [node('Resize', ['x', '', 'scales'], ['y'], { keep_aspect_ratio_policy: text('not_larger') })],
      },
    ],
    [
      'its coordinate_transformation_mode is one of TensorFlow',
      {
        opset: 13,
        nodes: [
          node('Resize', ['x', '', 'scales'], ['y'], { coordinate_transformation_mode: text('tf_crop_and_resize') }),
        ],
      },
    ],
    [
      "its attribute 'min' does not go with int64 data",
      { opset: 9, nodes: [node('Shape', ['x'], ['s']), node('Clip', ['s'], ['y'], { min: float(0) })] },
    ],
  ])('do not touch what our set cannot say: %s', (reason, file) => {
    const initializers = { ...scales, c: float32([3], [1, 1, 1]), pads: int64Vector([0, 0, 1, 1, 0, 0, 1, 1]) };
    const inputs = { x: ['float32', [2, 3, 4, 4]] } as const;
    // The outputs' shapes are not in the file, so that nothing can be kept as it is either.
    expect(() => importModel(foreignModel({ ...file, inputs, initializers, outputs: ['y'] }))).toThrow(
      `because ${reason}`,
    );
  });

  it.each(Object.keys(upgradeTable))('%s has a case', (op) => {
    expect(Object.keys(upgradeCases).some((name) => name.startsWith(`${op}:`))).toBe(true);
  });

  it.each(Object.entries(upgradeCases))('%s: gives what onnxruntime makes of the original', async (_, file) => {
    const outputs = file.outputs ?? ['y'];
    const original = foreignModel({ ...file, inputs: { x: ['float32', file.shape] }, outputs });
    const graph = importModel(original);
    expect(graph.nodes.filter((each) => each.kind === 'opaque')).toEqual([]);

    const random = RandomSource.fromSeed(7);
    const size = file.shape.reduce((a, b) => a * b, 1);
    const x = new ort.Tensor(
      'float32',
      Float32Array.from({ length: size }, () => random.normal()),
      file.shape,
    );
    const expected = await run(original, x, outputs);
    const found = await run(exportModel(graph), x, outputs);
    for (const [index, { dims, type, data }] of expected.entries()) {
      expect([found[index].type, found[index].dims]).toEqual([type, dims]);
      expect(largestDifference(found[index].data, data)).toBeLessThan(2e-6);
    }
  });
});

function largestDifference(a: ort.Tensor['data'], b: ort.Tensor['data']): number {
  return Math.max(0, ...Array.from(a as ArrayLike<unknown>, (value, i) => Math.abs(Number(value) - Number(b[i]))));
}
