import { floats, type GradientCases, normal } from '../../../test/support/gradient-case.ts';
import { int64Vector, type TensorOf, tensor } from '../tensor/tensor.ts';

const ints = int64Vector;

function indices(shape: readonly number[], values: readonly number[]): TensorOf<'int64'> {
  return tensor('int64', shape, BigInt64Array.from(values, BigInt));
}

/** Cases of the operators that move elements. */
export const movementCases = {
  Concat: [
    { of: [normal([2, 3]), normal([2, 1]), normal([2, 2])], with: { axis: 1 } },
    { of: [normal([1, 3]), normal([2, 3])], with: { axis: -2 } },
  ],
  ConstantOfShape: [],
  Expand: [{ of: [normal([3, 1]), ints([2, 3, 4])] }, { of: [normal([3, 4]), ints([1, 1])] }],
  Flatten: [{ of: [normal([2, 3, 2])] }, { of: [normal([2, 3, 2])], with: { axis: 0 } }],
  Gather: [
    { of: [normal([4, 3]), ints([2, 0, 2, -1])] },
    { of: [normal([2, 3, 2]), indices([2, 2], [0, 2, 2, 1])], with: { axis: 1 } },
    { of: [normal([2, 3]), indices([], [1])], with: { axis: -1 } },
  ],
  GatherElements: [
    { of: [normal([3, 2]), indices([2, 2], [0, 2, 0, -1])] },
    { of: [normal([2, 3]), indices([2, 4], [0, 2, 2, 2, 1, 0, 1, 1])], with: { axis: 1 } },
  ],
  Pad: [
    { of: [normal([2, 3]), ints([1, 0, 0, 2])] },
    { of: [normal([2, 3]), ints([1, 2, 0, 1]), normal([])] },
    { of: [normal([3, 4]), ints([-1, 2, 1, -2]), normal([])] },
    { of: [normal([2, 3]), ints([1, 2]), undefined, ints([-1])] },
  ],
  Range: [],
  Reshape: [{ of: [normal([2, 6]), ints([3, -1, 2])] }],
  ScatterElements: [
    { of: [normal([3, 2]), indices([2, 2], [0, 2, 1, 0]), normal([2, 2])] },
    {
      of: [normal([2, 3]), indices([2, 2], [2, 2, 0, 1]), normal([2, 2])],
      with: { axis: 1, reduction: 'add' },
    },
  ],
  Shape: [],
  Slice: [
    { of: [normal([5, 4]), ints([1, 0]), ints([4, 2])] },
    { of: [normal([5, 4]), ints([-3]), ints([100]), ints([-2])] },
    { of: [normal([7, 2]), ints([1]), ints([7]), ints([0]), ints([3])] },
    { of: [normal([2, 8]), ints([0]), ints([8]), ints([1]), ints([3])] },
    { of: [normal([6, 5]), ints([-1, 4]), ints([-100, 0]), ints([0, 1]), ints([-1, -2])] },
  ],
  Split: [
    { of: [normal([2, 6]), ints([1, 3, 2])], with: { axis: 1 }, outputs: 3, lossOf: [0, 2] },
    { of: [normal([6, 2])], with: { numOutputs: 2 }, outputs: 2, lossOf: [1] },
    { of: [normal([5, 2])], with: { numOutputs: 3 }, outputs: 3, lossOf: [0, 1, 2] },
  ],
  Squeeze: [{ of: [normal([1, 3, 1])] }, { of: [normal([1, 3, 1]), ints([2])] }],
  Tile: [{ of: [normal([2, 3]), ints([2, 3])] }, { of: [normal([2, 3]), ints([1, 2])] }],
  Transpose: [{ of: [normal([2, 3, 4])] }, { of: [normal([2, 3, 4])], with: { perm: [1, 2, 0] } }],
  Unsqueeze: [{ of: [normal([2, 3]), ints([0, 2])] }, { of: [normal([2]), ints([-1])] }],
  AffineGrid: [],
  GridSample: [],
  Resize: [],
  FusedMatMul: [
    { of: [normal([2, 3]), normal([3, 4])], with: { alpha: 0.5 } },
    { of: [normal([3, 2]), normal([3, 4])], with: { transA: 1 } },
    { of: [normal([5, 2, 3]), normal([5, 4, 3])], with: { transB: 1 } },
    { of: [normal([5, 3, 2]), normal([5, 4, 3])], with: { transA: 1, transB: 1, alpha: -2 } },
    { of: [normal([5, 2, 3]), normal([4, 3])], with: { transB: 1 } },
  ],
  Gemm: [
    { of: [normal([2, 3]), normal([3, 4])] },
    { of: [normal([2, 3]), normal([3, 4]), normal([4])], with: { alpha: 0.5, beta: 2 } },
    { of: [normal([3, 2]), normal([4, 3]), normal([2, 1])], with: { transA: 1, transB: 1 } },
    { of: [normal([2, 3]), normal([4, 3]), normal([])], with: { transB: 1 } },
    { of: [normal([3, 2]), normal([3, 4]), floats('float64', [4], [1, 2, 3, 4])], with: { transA: 1 } },
  ],
  MatMul: [
    { of: [normal([2, 3]), normal([3, 4])] },
    { of: [normal([2, 2, 3]), normal([2, 3, 4])] },
    { of: [normal([5, 2, 3]), normal([3, 4])] },
    { of: [normal([2, 1, 2, 3]), normal([3, 3, 2])] },
    { of: [normal([2, 3]), normal([5, 3, 2])] },
    { of: [normal([3]), normal([3])] },
    { of: [normal([3]), normal([3, 4])] },
    { of: [normal([3]), normal([2, 3, 4])] },
    { of: [normal([2, 5, 3]), normal([3])] },
  ],
} satisfies Partial<GradientCases>;
