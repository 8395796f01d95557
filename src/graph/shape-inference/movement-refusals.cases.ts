import type { ShapeRefusals } from '../../../test/support/shape-case.ts';
import { float32, int64Vector, tensor } from '../tensor/tensor.ts';

const int64Scalar = (value: bigint) => tensor('int64', [], BigInt64Array.of(value));
const int32Vector = (...values: number[]) => tensor('int32', [values.length], Int32Array.from(values));

/** Refusals of the operators that move elements about, pick them or make them. */
export const movementRefusals = {
  Concat: [
    {
      of: ['float32[N, 2]', 'float32[M, 2]'],
      with: { axis: 1 },
      says: "axis 0 of 'inputs[0]' [N, 2] has length N, but axis 0 of 'inputs[1]' [M, 2] has M: they must be equal",
    },
    {
      of: ['float32[2]', 'float32[2, 1]'],
      with: { axis: 0 },
      says: "'inputs[0]' [2] and 'inputs[1]' [2, 1] must have equally many axes",
    },
    {
      of: ['float32[N, 2]', 'float32[M, 2]'],
      with: { axis: 0 },
      says: 'would be N + M, which cannot be known in advance because N and M are only names',
    },
    { of: ['float32[2]', 'int64[2]'], with: { axis: 0 }, says: "'inputs[0]' (float32) and 'inputs[1]' (int64)" },
    { of: ['float32[2]', 'float32[2]'], with: { axis: 1 }, says: 'axis 1 is outside a value of 1 axes' },
  ],
  ConstantOfShape: [
    { of: ['int64[2]'], says: "input 'input' of ConstantOfShape must be a constant, because the shape of the output" },
    { of: [int64Vector([2, -1])], says: "input 'input' asks for shape [2, -1], which has a negative length" },
    { of: [int64Scalar(3n)], says: "input 'input' must have 1 axis, got []" },
  ],
  Expand: [
    { of: ['float32[2, 3]', int64Vector([2, 4])], says: '[2, 3] and [2, 4] do not broadcast' },
    { of: ['float32[N, 3]', 'int64[2]'], says: "input 'shape' of Expand must be a constant" },
    { of: ['float32[3]', int64Vector([-1])], says: "input 'shape' asks for shape [-1], which has a negative length" },
  ],
  Flatten: [{ of: ['float32[2, 3]'], with: { axis: 3 }, says: 'axis 3 is outside [2, 3]: use -2 to 2' }],
  Gather: [
    { of: ['float32[2, 3]', 'float32[4]'], says: "input 'indices' is float32, but Gather takes int32, int64" },
    { of: ['float32[2, 3]', 'int64[4]'], with: { axis: 2 }, says: 'axis 2 is outside a value of 2 axes' },
    { of: ['float32[]', 'int64[4]'], says: 'axis 0 is asked of a scalar' },
  ],
  GatherElements: [
    {
      of: ['float32[2, 3]', 'int64[3, 3]'],
      with: { axis: 1 },
      says: 'indices [3, 3] must have as many axes as data [2, 3] and be no longer on any but axis 1',
    },
    { of: ['float32[N, 3]', 'int64[M, 3]'], with: { axis: 1 }, says: 'indices [M, 3] must have' },
    { of: ['float32[2, 3]', 'int64[3]'], says: 'indices [3] must have' },
    { of: ['float32[2]', 'float32[2]'], says: "input 'indices' is float32" },
  ],
  Pad: [
    { of: ['float32[2, 3]', int64Vector([1, 1])], says: 'pads [1, 1] must have 4 elements, two for each of 2 axes' },
    { of: ['float32[N, 3]', int64Vector([1, 0, 0, 0])], says: 'would be N + 1 + 0, which cannot be known' },
    { of: ['float32[2, 3]', int64Vector([0, -2, 0, -2])], says: 'axis 1 of [2, 3] cannot be padded by -2 and -2' },
    {
      of: ['float32[3]', int64Vector([3, 0])],
      with: { mode: 'reflect' },
      says: 'axis 0 of [3] cannot be padded by 3 and 0 in mode reflect: it has too few elements',
    },
    { of: ['float32[4]', int64Vector([2, -2])], with: { mode: 'reflect' }, says: 'in mode reflect' },
    { of: ['float32[0]', int64Vector([1, 0])], with: { mode: 'edge' }, says: 'in mode edge' },
    { of: ['float32[3]', int64Vector([1, 0])], with: { mode: 'wrap' }, says: 'mode must be one of constant, edge' },
    { of: ['float32[3]', 'int64[2]'], says: "input 'pads' of Pad must be a constant" },
    { of: ['float32[3]', int64Vector([1, 1]), 'float64[]'], says: "'data' (float32) and 'constant_value' (float64)" },
    { of: ['float32[3]', int64Vector([1, 1]), 'float32[2]'], says: "'constant_value' must be a scalar" },
  ],
  Range: [
    { of: ['int64[]', int64Scalar(3n), int64Scalar(1n)], says: "input 'start' of Range must be a constant" },
    { of: [int64Scalar(0n), int64Scalar(3n), int64Scalar(0n)], says: 'a range from 0 to 3 cannot have delta 0' },
    { of: [int64Scalar(0n), int64Scalar(3n), float32([], [1])], says: "'start' (int64) and 'delta' (float32)" },
    { of: [int64Scalar(0n), int64Vector([3]), int64Scalar(1n)], says: "input 'limit' must be a scalar" },
    { of: [int64Scalar(0n), int64Scalar(3n)], says: "input 'delta' is missing" },
  ],
  Reshape: [
    { of: ['float32[2, 3]', int64Vector([4, 2])], says: '[2, 3] into [4, 2]: 6 elements do not fill 8 places' },
    { of: ['float32[2, 3]', int64Vector([4, -1])], says: '6 elements do not divide by 4' },
    { of: ['float32[2, 3]', int64Vector([-1, -1])], says: 'only one length may be -1' },
    { of: ['float32[2, 3]', int64Vector([-2, 3])], says: 'axis 0 is -2' },
    { of: ['float32[6]', int64Vector([2, 0])], says: '0 at axis 1 copies an axis that the input does not have' },
    { of: ['float32[N, 3]', int64Vector([3])], says: '[N, 3] into [3]: N is not known in advance' },
    { of: ['float32[N, 3]', int64Vector([4, 3])], says: 'N is not known in advance. Keep that axis with 0' },
    { of: ['float32[A, B, 2]', int64Vector([3, 2])], says: 'A and B are not known in advance' },
    { of: ['float32[0, 3]', int64Vector([0, -1])], says: 'beside a length of 0, -1 could be any length' },
    { of: ['float32[0, 3]', int64Vector([0, -1])], with: { allowzero: 1 }, says: 'which allowzero forbids' },
    { of: ['float32[6]', 'int64[2]'], says: "input 'shape' of Reshape must be a constant" },
    { of: ['float32[6]', int32Vector(2, 3)], says: "input 'shape' is int32, but Reshape takes int64" },
  ],
  ScatterElements: [
    {
      of: ['float32[5]', 'int64[2]', 'float32[3]'],
      says: 'indices [2] and updates [3] must have the same shape',
    },
    { of: ['float32[5]', 'int64[2]', 'float64[2]'], says: "'data' (float32) and 'updates' (float64)" },
    { of: ['float32[2, 3]', 'int64[4, 3]', 'float32[4, 3]'], with: { axis: 1 }, says: 'no longer on any but axis 1' },
    {
      of: ['float32[5]', 'int64[2]', 'float32[2]'],
      with: { reduction: 'sum' },
      says: 'none, add, mul, max, min, got sum',
    },
  ],
  Shape: [{ of: [], says: "input 'data' is missing" }],
  Slice: [
    { of: ['float32[5]', int64Vector([0]), int64Vector([3, 4])], says: 'must be equally many, got 1, 2, 1 and 1' },
    {
      of: ['float32[5]', int64Vector([0]), int64Vector([3]), int64Vector([0]), int64Vector([0])],
      says: 'a slice cannot have step 0',
    },
    {
      of: ['float32[N, 5]', int64Vector([1]), int64Vector([3])],
      says: 'axis 0 of [N, 5] has no known length, so what the slice from 1 to 3 in steps of 1 leaves of it',
    },
    { of: ['float32[5]', int64Vector([0]), 'int64[1]'], says: "input 'ends' of Slice must be a constant" },
    {
      of: ['float32[5]', int64Vector([0]), int64Vector([3]), int64Vector([1])],
      says: 'axis 1 is outside a value of 1',
    },
    { of: ['float32[5]', int64Vector([0]), int32Vector(3)], says: "'starts' (int64) and 'ends' (int32)" },
  ],
  Split: [
    { of: ['float32[6]', int64Vector([2, 3])], outputs: 2, says: 'pieces [2, 3] do not add up to axis 0 of [6]' },
    { of: ['float32[6]', int64Vector([7, -1])], outputs: 2, says: 'pieces [7, -1] do not add up to axis 0 of [6]' },
    { of: ['float32[6]', int64Vector([3, 3])], outputs: 3, says: 'Split is told of 2 pieces, but has 3 outputs' },
    { of: ['float32[6]'], outputs: 2, says: "either the input 'split' or the attribute numOutputs" },
    { of: ['float32[6]', int64Vector([3, 3])], with: { numOutputs: 2 }, outputs: 2, says: 'one of them' },
    { of: ['float32[5]'], with: { numOutputs: 4 }, outputs: 4, says: 'cannot be split into 4 pieces of 2' },
    { of: ['float32[4]'], with: { numOutputs: 3 }, outputs: 3, says: 'cannot be split into 3 pieces of 2' },
    { of: ['float32[N]'], with: { numOutputs: 2 }, outputs: 2, says: 'axis 0 of [N] has no known length' },
  ],
  Squeeze: [
    { of: ['float32[2, 3]', int64Vector([0])], says: 'cannot squeeze axis 0 of [2, 3]: its length is 2, not 1' },
    { of: ['float32[N, 3]', int64Vector([0])], says: 'cannot squeeze axis 0 of [N, 3]: its length is N, not 1' },
    { of: ['float32[1, 1]', int64Vector([0, -2])], says: 'name axis 0 twice' },
    { of: ['float32[1]', 'int64[1]'], says: "input 'axes' of Squeeze must be a constant" },
  ],
  Tile: [
    {
      of: ['float32[2, 3]', int64Vector([2])],
      says: 'repeats [2] must have one count, 0 or more, for each axis of [2, 3]',
    },
    { of: ['float32[2]', int64Vector([-1])], says: 'repeats [-1] must have one count' },
    { of: ['float32[2]', 'int64[1]'], says: "input 'repeats' of Tile must be a constant" },
  ],
  Transpose: [
    { of: ['float32[2, 3]'], with: { perm: [0, 0] }, says: 'perm [0, 0] is no permutation of the 2 axes of [2, 3]' },
    { of: ['float32[2, 3]'], with: { perm: [1] }, says: 'perm [1] is no permutation' },
  ],
  Unsqueeze: [
    { of: ['float32[2]', int64Vector([2])], says: 'axis 2 is outside a value of 2 axes' },
    { of: ['float32[2]', int64Vector([0, 0])], says: 'name axis 0 twice' },
    { of: ['float32[2]', 'int64[1]'], says: "input 'axes' of Unsqueeze must be a constant" },
  ],
} satisfies Partial<ShapeRefusals>;
