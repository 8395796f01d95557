import type { OperatorNode, Value } from '../../graph/builder/graph.ts';
import { matMul, mul, transpose } from '../../graph/builder/operations.ts';
import type { OperatorAttributes } from '../../graph/operators/operator.ts';

/** FusedMatMul as transpositions, MatMul and a product. */
export function plainProduct(node: OperatorNode, [a, b]: readonly (Value | undefined)[]): Value[] | undefined {
  if (a === undefined || b === undefined) return undefined;
  const { transA, transB, transBatchA, transBatchB, alpha } = node.attributes as OperatorAttributes<'FusedMatMul'>;
  const product = matMul(plainOperand(a, transA, transBatchA), plainOperand(b, transB, transBatchB));
  return [alpha === 1 ? product : mul(product, alpha)];
}

/** `batch` moves the first axis behind the batch axes, then `transposed` swaps the last two; neither changes a vector. */
function plainOperand(x: Value, transposed: number, batch: number): Value {
  const axes = [...x.shape.keys()];
  const moved = batch ? [...axes.slice(1, -1), axes[0], axes[axes.length - 1]] : axes;
  if (transposed && axes.length > 1) moved.push(...moved.splice(-2).reverse());
  return moved.every((axis, place) => axis === place) ? x : transpose(x, moved);
}
