import { intOf } from '../onnx/read-attribute.ts';
import type { OperatorName } from '../operators/operator.ts';
import { reshapedShape } from '../shape-inference/reshape.ts';
import type { Dimension, Shape } from '../tensor/shape.ts';
import { int64Vector } from '../tensor/tensor.ts';
import type { Element } from './element-rules.ts';
import type { KnownElements } from './known-elements.ts';
import { dataInput, type ForeignNode, OutsideSetError, withInput, withoutAttributes } from './upgrades/foreign-node.ts';

/** The inputs whose elements decide the output's shape, by number: in our graphs they are constants. */
const shapingInputs: { readonly [Op in OperatorName]?: readonly number[] } = {
  AffineGrid: [1],
  ConstantOfShape: [0],
  Expand: [1],
  MaxUnpool: [2],
  Pad: [1, 3],
  Range: [0, 1, 2],
  ReduceLogSumExp: [1],
  ReduceMax: [1],
  ReduceMean: [1],
  ReduceMin: [1],
  ReduceSum: [1],
  Reshape: [1],
  Resize: [2, 3],
  Slice: [1, 2, 3, 4],
  Split: [1],
  Squeeze: [1],
  Tile: [1],
  TopK: [1],
  Unsqueeze: [1],
};

/**
 * The node with constants for the inputs that decide its output's shape, where the file computes them in a way that can be
 * followed. The name of an axis in the shape of a Reshape or an Expand becomes 0, -1 or 1, where one of those says the same.
 *
 * @throws an OutsideSetError if such an input can only be known by running the graph.
 */
export function withConstantInputs(
  node: ForeignNode & { readonly op: OperatorName },
  known: KnownElements,
): ForeignNode {
  return (shapingInputs[node.op] ?? []).reduce<ForeignNode>((changed, index) => {
    const input = node.inputs[index];
    if (input === undefined) return changed;
    const constant = known.asConstant(input);
    if (constant !== undefined) return withInput(changed, index, constant);
    const nameless = withoutNames(changed, index, known.of(input));
    if (nameless !== undefined) return nameless;
    throw new OutsideSetError(
      `the value '${input.name}', which decides its output's shape, is only known as the graph runs`,
    );
  }, node);
}

/** The node with numbers for input `index`, whose elements are `lengths`; undefined where numbers cannot say the same. */
function withoutNames(
  node: ForeignNode,
  index: number,
  lengths: readonly Element[] | undefined,
): ForeignNode | undefined {
  if (lengths === undefined) return undefined;
  if (node.op === 'Reshape') return namelessReshape(node, lengths);
  const { shape } = dataInput(node);
  const numbers =
    node.op === 'Expand'
      ? lengths.map((length, axis) =>
          typeof length === 'string' && length === shape[axis - lengths.length + shape.length] ? 1 : length,
        )
      : lengths;
  return withNumbers(node, index, numbers);
}

/**
 * A Reshape whose target has names: first the target is worked out with them, then a name that is that of the same axis of the
 * input becomes 0, and the one that may be left -1. So [2*N, -1, 12] of [N, 2, 17, 12] becomes [-1, 17, 12].
 */
function namelessReshape(node: ForeignNode, lengths: readonly Element[]): ForeignNode | undefined {
  const { shape } = dataInput(node);
  const allowZero = node.attributes.get('allowzero');
  const target = reshaped(shape, lengths, allowZero !== undefined && intOf(allowZero, node.what) !== 0n);
  if (target === undefined || target.includes(0)) return undefined;
  const copied = target.map((length, axis) => (typeof length === 'string' && length === shape[axis] ? 0 : length));
  const open = copied.filter((length) => typeof length === 'string').length;
  if (open > 1) return undefined;
  return withNumbers(
    withoutAttributes(node, 'allowzero'),
    1,
    copied.map((length) => (typeof length === 'string' ? -1 : length)),
  );
}

/** The shape that a Reshape gives, where at most one length of its target is not known at all: whatever is left. */
function reshaped(shape: Shape, lengths: readonly Element[], allowZero: boolean): readonly Dimension[] | undefined {
  const target = lengths.map((length) => length ?? -1);
  if (target.filter((length) => length === -1).length > 1) return undefined;
  try {
    return reshapedShape(shape, target, allowZero);
  } catch {
    return undefined;
  }
}

function withNumbers(node: ForeignNode, index: number, lengths: readonly Element[]): ForeignNode | undefined {
  const input = node.inputs[index];
  const numbers = lengths.filter((length) => typeof length === 'number');
  if (input === undefined || numbers.length < lengths.length) return undefined;
  return withInput(node, index, input.graph.constant(int64Vector(numbers), input.name));
}
