import type { ShapeCases } from '../../../test/support/shape-case.ts';
import { float32, int64Vector, tensor } from '../tensor/tensor.ts';

const zero = float32([], [0]);
const int64Scalar = (value: bigint) => tensor('int64', [], BigInt64Array.of(value));
const toTheEnd = 2 ** 53;

/** Cases of the operators that move elements about, pick them or make them. */
export const movementCases = {
  Concat: [
    { of: ['float32[N, 2]', 'float32[N, 3]', 'float32[N, 4]'], with: { axis: 1 }, gives: ['float32[N, 9]'] },
    { of: ['int64[2]', 'int64[3]'], with: { axis: -1 }, gives: ['int64[5]'] },
    { of: ['float32[N, 2]', 'float32[0, 2]'], with: { axis: 0 }, gives: ['float32[N, 2]'] },
    { of: ['float32[N, 2]', 'float32[2*N, 2]'], with: { axis: 0 }, gives: ['float32[3*N, 2]'] },
  ],
  ConstantOfShape: [
    { of: [int64Vector([2, 0, 3])], gives: ['float32[2, 0, 3]'] },
    { of: [int64Vector([])], with: { value: 1 }, gives: ['float32[]'] },
  ],
  Expand: [
    { of: ['float32[N, 1]', int64Vector([1, 3])], gives: ['float32[N, 3]'] },
    { of: ['float32[3, 1]', int64Vector([2, 1, 4])], gives: ['float32[2, 3, 4]'] },
    { of: ['float32[3, 4]', int64Vector([1])], gives: ['float32[3, 4]'] },
  ],
  Flatten: [
    { of: ['float32[N, 3, 4]'], gives: ['float32[N, 12]'] },
    { of: ['float32[2, 3, 4]'], with: { axis: 0 }, gives: ['float32[1, 24]'] },
    { of: ['float32[2, 3, N]'], with: { axis: -1 }, gives: ['float32[6, N]'] },
    { of: ['float32[N, 3, M]'], with: { axis: 2 }, gives: ['float32[3*N, M]'] },
    { of: ['float32[N, 1, 1]'], with: { axis: 3 }, gives: ['float32[N, 1]'] },
    { of: ['float32[]'], with: { axis: 0 }, gives: ['float32[1, 1]'] },
  ],
  Gather: [
    { of: ['float32[7, 3]', 'int64[N]'], gives: ['float32[N, 3]'] },
    { of: ['float32[N, 7, 3]', 'int32[2, 4]'], with: { axis: 1 }, gives: ['float32[N, 2, 4, 3]'] },
    { of: ['float32[N, 7]', int64Scalar(0n)], with: { axis: -1 }, gives: ['float32[N]'] },
  ],
  GatherElements: [
    { of: ['float32[N, 7]', 'int64[N, 2]'], with: { axis: 1 }, gives: ['float32[N, 2]'] },
    { of: ['float32[4, 7]', 'int32[9, 5]'], gives: ['float32[9, 5]'] },
  ],
  Pad: [
    { of: ['float32[N, 3, 4]', int64Vector([0, 1, 2, 0, 1, 0])], gives: ['float32[N, 5, 6]'] },
    { of: ['float32[N, 3, 4]', int64Vector([1, -1]), zero, int64Vector([-1])], gives: ['float32[N, 3, 4]'] },
    { of: ['float32[3, 4]', int64Vector([2, 0, 2, 3])], with: { mode: 'reflect' }, gives: ['float32[7, 7]'] },
    { of: ['float32[3, 4]', int64Vector([5, 0, 0, 9])], with: { mode: 'edge' }, gives: ['float32[8, 13]'] },
  ],
  Range: [
    { of: [int64Scalar(2n), int64Scalar(9n), int64Scalar(3n)], gives: ['int64[3]'] },
    { of: [float32([], [1]), float32([], [-0.5]), float32([], [-0.5])], gives: ['float32[3]'] },
    { of: [int64Scalar(5n), int64Scalar(2n), int64Scalar(1n)], gives: ['int64[0]'] },
  ],
  Reshape: [
    { of: ['float32[2, 3, 4]', int64Vector([6, -1])], gives: ['float32[6, 4]'] },
    { of: ['float32[N, 3, 4]', int64Vector([-1, 12])], gives: ['float32[N, 12]'] },
    { of: ['float32[N, 3, 4]', int64Vector([0, 2, -1])], gives: ['float32[N, 2, 6]'] },
    { of: ['float32[N, 3, 4]', int64Vector([4, 3, -1])], gives: ['float32[4, 3, N]'] },
    { of: ['float32[N, 12]', int64Vector([0, 3, 4])], gives: ['float32[N, 3, 4]'] },
    { of: ['float32[A, B, 4]', int64Vector([0, -1, 2, 2])], gives: ['float32[A, B, 2, 2]'] },
    { of: ['float32[N, 2, 17, 12]', int64Vector([-1, 17, 12])], gives: ['float32[2*N, 17, 12]'] },
    { of: ['float32[2*N, 17, 12]', int64Vector([-1, 2, 17, 12])], gives: ['float32[N, 2, 17, 12]'] },
    { of: ['float32[A, B, 4]', int64Vector([-1])], gives: ['float32[4*A*B]'] },
    { of: ['float32[1]', int64Vector([])], gives: ['float32[]'] },
    { of: ['float32[0, 3]', int64Vector([3, 0])], with: { allowzero: 1 }, gives: ['float32[3, 0]'] },
    { of: ['float32[0, 3]', int64Vector([-1, 5])], gives: ['float32[0, 5]'] },
  ],
  ScatterElements: [
    { of: ['float32[N, 7]', 'int64[N, 2]', 'float32[N, 2]'], with: { axis: 1 }, gives: ['float32[N, 7]'] },
    { of: ['float32[5]', 'int32[8]', 'float32[8]'], with: { reduction: 'add' }, gives: ['float32[5]'] },
  ],
  Shape: [
    { of: ['float32[N, 3, 4]'], gives: ['int64[3]'] },
    { of: ['float32[N, 3, 4]'], with: { start: 1 }, gives: ['int64[2]'] },
    { of: ['float32[N, 3, 4]'], with: { start: -3, end: -1 }, gives: ['int64[2]'] },
    { of: ['float32[N, 3, 4]'], with: { start: 2, end: 1 }, gives: ['int64[0]'] },
    { of: ['float32[]'], gives: ['int64[0]'] },
  ],
  Slice: [
    { of: ['float32[5, 6]', int64Vector([1, 2]), int64Vector([3, 9])], gives: ['float32[2, 4]'] },
    { of: ['float32[N, 6]', int64Vector([-3]), int64Vector([-1]), int64Vector([1])], gives: ['float32[N, 2]'] },
    {
      of: ['float32[N, 7]', int64Vector([0, 1]), int64Vector([toTheEnd, 7]), int64Vector([0, -1]), int64Vector([1, 3])],
      gives: ['float32[N, 2]'],
    },
    {
      of: [
        'float32[5, N]',
        int64Vector([9, -1]),
        int64Vector([-9, -toTheEnd]),
        int64Vector([0, 1]),
        int64Vector([-2, -1]),
      ],
      gives: ['float32[3, N]'],
    },
    { of: ['float32[5]', int64Vector([3]), int64Vector([2])], gives: ['float32[0]'] },
  ],
  Split: [
    { of: ['float32[N, 6]', int64Vector([1, 5])], with: { axis: 1 }, gives: ['float32[N, 1]', 'float32[N, 5]'] },
    { of: ['float32[6, N]'], with: { numOutputs: 2 }, gives: ['float32[3, N]', 'float32[3, N]'] },
    { of: ['float32[7]'], with: { numOutputs: 3, axis: -1 }, gives: ['float32[3]', 'float32[3]', 'float32[1]'] },
    { of: ['float32[N, 6]'], with: { numOutputs: 1 }, gives: ['float32[N, 6]'] },
  ],
  Squeeze: [
    { of: ['float32[N, 1, 3, 1]', int64Vector([1])], gives: ['float32[N, 3, 1]'] },
    { of: ['float32[N, 1, 3, 1]', int64Vector([-1, 1])], gives: ['float32[N, 3]'] },
    { of: ['float32[2, 1, 3, 1]'], gives: ['float32[2, 3]'] },
  ],
  Tile: [
    { of: ['float32[N, 3]', int64Vector([1, 2])], gives: ['float32[N, 6]'] },
    { of: ['float32[2, 3]', int64Vector([3, 0])], gives: ['float32[6, 0]'] },
    { of: ['float32[N]', int64Vector([2])], gives: ['float32[2*N]'] },
  ],
  Transpose: [
    { of: ['float32[N, 3, 4]'], with: { perm: [0, 2, 1] }, gives: ['float32[N, 4, 3]'] },
    { of: ['float32[N, 3, 4]'], gives: ['float32[4, 3, N]'] },
    { of: ['float32[]'], gives: ['float32[]'] },
  ],
  Unsqueeze: [
    { of: ['float32[N, 3]', int64Vector([0])], gives: ['float32[1, N, 3]'] },
    { of: ['float32[N, 3]', int64Vector([-1, 1])], gives: ['float32[N, 1, 3, 1]'] },
    { of: ['float32[]', int64Vector([0, 1])], gives: ['float32[1, 1]'] },
  ],
} satisfies Partial<ShapeCases>;
