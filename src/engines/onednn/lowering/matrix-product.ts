import type { OperatorNode, Value } from '../../../graph/builder/graph.ts';
import type { OperatorAttributes } from '../../../graph/operators/operator.ts';
import { sizeOf, staticShape } from '../../../graph/tensor/shape.ts';
import { argument, type DataType, dataType } from '../library/constants.ts';
import type { Datum } from '../plan/datum.ts';
import type { PlanBuilder } from '../plan/plan-builder.ts';

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
  const { transposed, bias } = productOf(node)!;
  const [y] = node.outputs;
  const taken = plan.takeActivation(y);
  const made = taken?.made ?? y;
  const { objects } = plan;
  const type = plan.resultType(made);
  const [stack, right] = [operand(plan, a, transposed[0]), operand(plan, b, transposed[1])];
  const oneMatrix = isStackByMatrix(node);
  const rowsOf = (datum: Datum): Datum => {
    if (!oneMatrix) return datum;
    const rows = allRows(datum.shape);
    return plan.view(datum, rows, plan.plain(rows, datum.type));
  };
  const left = rowsOf(stack);
  const columns = shapeOf(y).at(-1)!;
  const row = bias && plan.asPlain(bias);
  const layout = plan.plain(oneMatrix ? allRows(shapeOf(y)) : shapeOf(y), type);
  const attributes = taken === undefined ? objects.plainAttributes : objects.attributes([taken.activation]);
  const description = objects.description(
    'matmul',
    [left.layout, right.layout, row === undefined ? null : plan.plain([1, columns], 'float32'), layout],
    attributes,
  );
  plan.add(node.name, description, [
    [argument.source, left],
    [argument.weights, right],
    [argument.bias, row && plan.view(row, [1, columns], plan.plain([1, columns], 'float32'))],
    [argument.result, rowsOf(plan.resultOf(made, type, plan.plain(shapeOf(y), type)))],
  ]);
}

/** A row-major matrix, or the same elements read the other way round. */
function operand(plan: PlanBuilder, value: Value, transposed: boolean): Datum {
  const plain = plan.asPlain(value, plan.compute);
  if (!transposed) return plain;
  const { shape, type } = plain;
  const [rows, columns] = shape.slice(-2);
  const stack = shape.slice(0, -2);
  const strides = stack.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const turned = [...stack, columns, rows];
  return plan.view(plain, turned, objectsLayout(plan, turned, type, [...strides, 1, columns]));
}

function objectsLayout(plan: PlanBuilder, shape: readonly number[], type: DataType, strides: readonly number[]) {
  return plan.objects.stridedLayout(shape, dataType[type], strides);
}
