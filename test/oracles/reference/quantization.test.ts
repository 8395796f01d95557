import { describe, expect, it } from 'vitest';
import { completeAttributes } from '../../../src/graph/operators/operator.ts';
import { float32, tensor, toNumbers } from '../../../src/graph/tensor/tensor.ts';
import { applyReference } from './apply-reference.ts';
import { constant, fed, int32, type OperatorCases, operatorContract, uniform } from './operator.contract.ts';
import { quantization } from './quantization.ts';

const scalar = (value: number) => constant(float32([], [value]));
const bytes = (...values: number[]) => tensor('uint8', [], Uint8Array.from(values));
const signed = (shape: readonly number[], ...values: number[]) => tensor('int8', shape, Int8Array.from(values));

const cases: OperatorCases<keyof typeof quantization> = {
  QuantizeLinear: [
    { inputs: [uniform([2, 3, 4]), scalar(0.0137), constant(bytes(100))], attributes: {} },
    // Halves, which go to the even side, and numbers beyond both ends.
    {
      inputs: [fed(float32([8], [0.25, 0.75, -0.25, -0.75, 1.25, 200, -200, 0])), scalar(0.5), constant(bytes(7))],
      attributes: {},
    },
    { inputs: [uniform([2, 3]), scalar(0.01), undefined], attributes: {} },
    {
      inputs: [uniform([2, 3, 4]), constant(float32([3], [0.0137, 0.021, 0.031])), constant(signed([3], 0, -5, 100))],
      attributes: { axis: 1 },
    },
  ],
  DequantizeLinear: [
    // A list of one element is for the whole tensor, even where the axis (1) is none of it.
    { inputs: [fed(int32([5], [-7, 0, 1, 2, 90])), constant(float32([1], [0.25])), undefined], attributes: {} },
    {
      inputs: [fed(tensor('uint8', [4], Uint8Array.of(0, 7, 128, 255))), scalar(0.5), constant(bytes(7))],
      attributes: {},
    },
    {
      inputs: [
        fed(signed([2, 3], -128, -1, 0, 1, 100, 127)),
        constant(float32([2], [0.5, 0.25])),
        constant(signed([2], 0, 3)),
      ],
      attributes: { axis: 0 },
    },
    {
      inputs: [fed(int32([2, 2], [-70000, 70000, 3, 0])), constant(float32([2], [1e-3, 2])), undefined],
      attributes: { axis: -1 },
    },
  ],
};

operatorContract(quantization, cases);

describe('quantization', () => {
  it('saturates at both ends of either type', () => {
    const x = tensor('float64', [3], Float64Array.of(-1e9, 0, 1e9));
    const quantized = (zeroPoint: Parameters<typeof toNumbers>[0]) =>
      toNumbers(
        applyReference({
          op: 'QuantizeLinear',
          inputs: [x, tensor('float64', [], Float64Array.of(1)), zeroPoint],
          attributes: completeAttributes('QuantizeLinear', {}),
          outputCount: 1,
        })[0],
      );
    expect(quantized(bytes(3))).toEqual([0, 3, 255]);
    expect(quantized(signed([], -3))).toEqual([-128, -3, 127]);
  });
});
