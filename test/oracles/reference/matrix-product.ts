import { type Floats, float64, floats, optionalFloats } from './operands.ts';
import { broadcastLengths, broadcastTo, permute } from './positions.ts';
import type { ReferenceContext } from './rule.ts';

/**
 * `A B` as ONNX's MatMul and NumPy's matmul define it: matrices on the last two axes, the others broadcast; a vector is a
 * row on the left and a column on the right, and its added axis is dropped from the result.
 */
export function matMul(a: Floats, b: Floats, alpha = 1): Floats {
  const left = a.shape.length === 1 ? float64([1, ...a.shape], a.data) : a;
  const right = b.shape.length === 1 ? float64([...b.shape, 1], b.data) : b;
  const [rows, inner] = left.shape.slice(-2);
  const [height, columns] = right.shape.slice(-2);
  if (inner !== height) {
    throw new Error(
      `the shapes [${a.shape.join(', ')}] and [${b.shape.join(', ')}] do not multiply: ${inner} is not ${height}`,
    );
  }
  const batch = broadcastLengths(left.shape.slice(0, -2), right.shape.slice(0, -2));
  const x = broadcastTo(left, [...batch, rows, inner]).data;
  const w = broadcastTo(right, [...batch, inner, columns]).data;
  const shape = [...batch, ...(a.shape.length === 1 ? [] : [rows]), ...(b.shape.length === 1 ? [] : [columns])];
  const y = float64(shape);
  for (let row = 0; row * columns < y.data.length; row++) {
    const matrix = Math.floor(row / rows);
    for (let k = 0; k < inner; k++) {
      const factor = alpha * x[row * inner + k];
      for (let column = 0; column < columns; column++) {
        y.data[row * columns + column] += factor * w[(matrix * inner + k) * columns + column];
      }
    }
  }
  return y;
}

/**
 * MatMul of operands that may be transposed first: `transBatch` moves the first axis behind the batch axes, `trans` then
 * swaps the last two. A vector is never transposed.
 *
 * Source: com.microsoft FusedMatMul in onnxruntime's ContribOperators.md.
 */
export function fusedMatMul(context: ReferenceContext<'FusedMatMul'>): Floats[] {
  const { transA, transB, transBatchA, transBatchB, alpha } = context.attributes;
  const a = arranged(floats(context, 0), transA === 1, transBatchA === 1);
  const b = arranged(floats(context, 1), transB === 1, transBatchB === 1);
  return [matMul(a, b, alpha)];
}

/** `alpha A' B' + beta C`, where the apostrophe transposes if asked and C is broadcast. */
export function gemm(context: ReferenceContext<'Gemm'>): Floats[] {
  const { transA, transB, alpha, beta } = context.attributes;
  const a = arranged(floats(context, 0), transA === 1, false);
  const b = arranged(floats(context, 1), transB === 1, false);
  const y = matMul(a, b, alpha);
  const c = optionalFloats(context, 2);
  if (c === undefined) return [y];
  const added = broadcastTo(c, y.shape).data;
  return [
    float64(
      y.shape,
      y.data.map((product, i) => product + beta * added[i]),
    ),
  ];
}

function arranged(x: Floats, trans: boolean, transBatch: boolean): Floats {
  if (x.shape.length < 2) return x;
  const axes = [...x.shape.keys()];
  const batched = transBatch ? [...axes.slice(1, -1), 0, axes.length - 1] : axes;
  const perm = trans ? [...batched.slice(0, -2), batched[axes.length - 1], batched[axes.length - 2]] : batched;
  return permute(x, perm);
}
