import type { OperatorNode, Value } from '../../../graph/builder/graph.ts';
import type { OperatorAttributes } from '../../../graph/operators/operator.ts';
import { sameShape, sizeOf, staticShape } from '../../../graph/tensor/shape.ts';
import { argument } from '../library/constants.ts';
import type { Datum } from '../plan/datum.ts';
import type { PlanBuilder } from '../plan/plan-builder.ts';
import { rowMajor } from '../plan/tensor-strides.ts';

/** How a node multiplies matrices. */
interface Product {
  readonly transposed: readonly [a: boolean, b: boolean];
  readonly bias: Value | undefined;
}

const shapeOf = (value: Value): readonly number[] => staticShape(value.shape, `'${value.name}' in oneDNN`);

/** What a product of matrices is; undefined where it has factors, or a bias that is no row. */
export function productOf(node: OperatorNode): Product | undefined {
  if (node.op === 'MatMul') return { transposed: [false, false], bias: undefined };
  if (node.op === 'FusedMatMul') {
    const { alpha, transA, transB, transBatchA, transBatchB } = node.attributes as OperatorAttributes<'FusedMatMul'>;
    if (alpha !== 1 || transBatchA !== 0 || transBatchB !== 0) return undefined;
    return { transposed: [transA === 1, transB === 1], bias: undefined };
  }
  if (node.op !== 'Gemm') return undefined;
  const { alpha, beta, transA, transB } = node.attributes as OperatorAttributes<'Gemm'>;
  const bias = node.inputs[2];
  if (alpha !== 1 || (bias !== undefined && beta !== 1)) return undefined;
  if (bias !== undefined && (bias.shape.length !== 1 || bias.shape[0] !== node.outputs[0].shape[1])) return undefined;
  return { transposed: [transA === 1, transB === 1], bias };
}

/** Floating-point operations of a product: a product and a sum for each element of a row and a column. */
export function productWork(node: OperatorNode): number {
  const product = productOf(node);
  if (product === undefined) return 0;
  const first = shapeOf(node.inputs[0]!);
  return 2 * sizeOf(shapeOf(node.outputs[0])) * first[first.length - (product.transposed[0] ? 2 : 1)];
}

/** True where every row of a stack of matrices meets one matrix: the stack is then one matrix of all its rows. */
export function isStackByMatrix(node: OperatorNode): boolean {
  const [a, b] = [node.inputs[0]!, node.inputs[1]!];
  return a.shape.length > 2 && b.shape.length === 2 && productOf(node)?.transposed[0] === false;
}

/** The shape of a stack's rows as one matrix. */
const allRows = (shape: readonly number[]): readonly number[] => [sizeOf(shape.slice(0, -1)), shape.at(-1)!];

/** Y = A B + C, matrices, stacks of as many, or a stack by a matrix; transposes are ways to read, not copies. The activation behind it is done, too. */
export function lowerMatrixProduct(plan: PlanBuilder, node: OperatorNode): void {
  const [a, b] = [node.inputs[0]!, node.inputs[1]!];
  const { transposed, bias: own } = productOf(node)!;
  const [y] = node.outputs;
  const { bias, sum } = own === undefined ? takeRow(plan, y) : { bias: own, sum: y };
  const taken = plan.takeActivation(sum);
  const made = taken?.made ?? sum;
  const { objects } = plan;
  const type = plan.resultType(made);
  const oneMatrix = isStackByMatrix(node);
  const [stack, right] = [operand(plan, a, transposed[0], oneMatrix), operand(plan, b, transposed[1])];
  const rowsOf = (datum: Datum): Datum => {
    if (!oneMatrix) return datum;
    const rows = allRows(datum.shape);
    return plan.view(datum, rows, plan.plain(rows, datum.type));
  };
  const left = rowsOf(stack);
  const biasShape = shapeOf(y)
    .slice(oneMatrix ? -2 : 0)
    .map((length, axis, all) => (axis < all.length - 1 ? 1 : length));
  const row = bias && plan.asPlain(bias);
  const layout = plan.plain(oneMatrix ? allRows(shapeOf(y)) : shapeOf(y), type);
  const attributes = taken === undefined ? objects.plainAttributes : objects.attributes([taken.activation]);
  const description = objects.description(
    'matmul',
    [left.layout, right.layout, row === undefined ? null : plan.plain(biasShape, 'float32'), layout],
    attributes,
  );
  plan.add(node.name, description, [
    [argument.source, left],
    [argument.weights, right],
    [argument.bias, row && plan.view(row, biasShape, plan.plain(biasShape, 'float32'))],
    [argument.result, rowsOf(plan.resultOf(made, type, plan.plain(shapeOf(y), type)))],
  ]);
}

/** The row that is added to every row of a product, and the sum, where that is all that is done with the product. */
function takeRow(plan: PlanBuilder, y: Value): { readonly bias: Value | undefined; readonly sum: Value } {
  const reader = plan.onlyReader(y);
  const other = reader?.op === 'Add' ? reader.inputs.find((value) => value !== y) : undefined;
  const [sum] = reader?.outputs ?? [];
  const isRow = other?.shape.at(-1) === y.shape.at(-1) && sizeOf(other!.shape.map(Number)) === y.shape.at(-1);
  if (!isRow || !sameShape(sum!.shape, y.shape) || !plan.isThere(other!)) return { bias: undefined, sum: y };
  plan.fused.add(reader!);
  return { bias: other, sum: sum! };
}

/**
 * A matrix, or the same elements read the other way round: as they lie, where rows or columns lie close together.
 *
 * @param inOrder row-major, so that a stack's rows are one matrix.
 */
function operand(plan: PlanBuilder, value: Value, transposed: boolean, inOrder = false): Datum {
  const known = plan.inType(value);
  const strides = inOrder ? undefined : plan.strides.of(known);
  const source = strides?.slice(-2).includes(1) === true ? known : plan.asPlain(value, plan.compute);
  if (!transposed) return source;
  const { shape, type } = source;
  const read = source === known && strides !== undefined ? strides : rowMajor(shape);
  const turned = (lengths: readonly number[]) => [...lengths.slice(0, -2), lengths.at(-1)!, lengths.at(-2)!];
  return plan.view(source, turned(shape), plan.strides.layout(turned(shape), type, turned(read)));
}
