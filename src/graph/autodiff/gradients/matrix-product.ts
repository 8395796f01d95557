import { GraphError } from '../../../foundation/errors/graph-error.ts';
import type { Value } from '../../builder/graph.ts';
import { fusedMatMul, mul, reshape, squeeze, unsqueeze } from '../../builder/operations.ts';
import { isStatic, type StaticShape, sizeOf } from '../../tensor/shape.ts';
import type { Gradient, GradientTable } from '../gradient-rule.ts';

/** `Y = alpha A' B'`, where the apostrophe transposes the last two axes if asked. */
interface Product {
  readonly A: Value;
  readonly B: Value;
  readonly dY: Value;
  readonly transA: number;
  readonly transB: number;
  readonly alpha: number;
}

/**
 * Gradients of a product of matrices with any batch axes in front:
 *
 *     dA = alpha dY B'^T,  or alpha B' dY^T if A is transposed
 *     dB = alpha A'^T dY,  or alpha dY^T A' if B is transposed
 *
 * They are products with transposition flags, so that nothing is ever transposed in memory. Batch axes that were broadcast
 * are left for the walk to sum.
 */
function productGradients({ A, B, dY, transA, transB, alpha }: Product): [Gradient, Gradient] {
  const product = (left: Value, right: Value, transLeft: number, transRight: number) =>
    fusedMatMul(left, right, { transA: transLeft, transB: transRight, alpha });
  return [
    () => (transA ? product(B, dY, transB, 1) : product(dY, B, 0, 1 - transB)),
    () => (transB ? product(dY, A, 1, transA) : product(A, dY, 1 - transA, 0)),
  ];
}

/** All axes but the last as one: a batch of rows times one matrix is one product. */
function asRows(x: Value, shape: StaticShape): Value {
  return reshape(x, [sizeOf(shape.slice(0, -1)), shape[shape.length - 1]]);
}

/**
 * As `productGradients`, for operands as MatMul takes them: a vector counts as a row (left) or a column (right). A batch of
 * matrices times one matrix is done as one product, so that no batch of gradients has to be summed.
 */
function matMulGradients(product: Product): [Gradient, Gradient] {
  const { A, B, dY, transA } = product;
  if (A.shape.length === 1 || B.shape.length === 1) return vectorGradients(product);
  const [dA, dB] = productGradients(product);
  const oneMatrix = A.shape.length > 2 && B.shape.length === 2 && !transA;
  if (!oneMatrix || !isStatic(A.shape) || !isStatic(dY.shape)) return [dA, dB];
  const [rows, dRows] = [A.shape, dY.shape];
  return [dA, () => productGradients({ ...product, A: asRows(A, rows), dY: asRows(dY, dRows) })[1]()];
}

function vectorGradients({ A, B, dY, transA, transB, alpha }: Product): [Gradient, Gradient] {
  const [row, column] = [A.shape.length === 1, B.shape.length === 1];
  const withColumn = column ? unsqueeze(dY, [dY.shape.length]) : dY;
  const [dA, dB] = productGradients({
    A: row ? unsqueeze(A, [0]) : A,
    B: column ? unsqueeze(B, [1]) : B,
    dY: row ? unsqueeze(withColumn, [withColumn.shape.length - 1]) : withColumn,
    transA: row ? 0 : transA,
    transB: column ? 0 : transB,
    alpha,
  });
  return [dA, column ? () => lastSqueezed(dB()) : dB];
}

const lastSqueezed = (x: Value): Value => squeeze(x, [x.shape.length - 1]);

/** Matrix products. Their gradients are com.microsoft FusedMatMul nodes. */
export const matrixProductGradients = {
  FusedMatMul: ({ inputs: [A, B], attributes: { transA, transB, transBatchA, transBatchB, alpha }, dY }) => {
    if (transBatchA || transBatchB) throw new GraphError('with transBatchA or transBatchB it has no gradient rule');
    return matMulGradients({ A, B, dY, transA, transB, alpha });
  },
  Gemm: ({ inputs: [A, B, C], attributes: { transA, transB, alpha, beta }, dY }) => [
    ...productGradients({ A, B, dY, transA, transB, alpha }),
    C && (() => (beta === 1 ? dY : mul(dY, beta))),
  ],
  MatMul: ({ inputs: [A, B], dY }) => matMulGradients({ A, B, dY, transA: 0, transB: 0, alpha: 1 }),
} satisfies Partial<GradientTable>;
