import type { OperatorName } from '../operators/operator.ts';
import { int64Vector } from '../tensor/tensor.ts';
import type { Element } from './element-rules.ts';
import type { KnownElements } from './known-elements.ts';
import { dataInput, type ForeignNode, OutsideSetError, withInput } from './upgrades/foreign-node.ts';
import type { Value } from './value.ts';

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
    const constant = known.asConstant(input) ?? shapeWithoutNames(node, input, known.of(input));
    if (constant !== undefined) return withInput(changed, index, constant);
    throw new OutsideSetError(
      `the value '${input.name}', which decides its output's shape, is only known as the graph runs`,
    );
  }, node);
}

function shapeWithoutNames(
  node: ForeignNode,
  input: Value,
  lengths: readonly Element[] | undefined,
): Value | undefined {
  if (lengths === undefined) return undefined;
  const { shape } = dataInput(node);
  const without =
    node.op === 'Reshape' && !node.attributes.has('allowzero')
      ? openingOne(lengths.map((length, axis) => (typeof length === 'string' && length === shape[axis] ? 0 : length)))
      : node.op === 'Expand'
        ? lengths.map((length, axis) =>
            typeof length === 'string' && length === shape[axis - lengths.length + shape.length] ? 1 : length,
          )
        : lengths;
  const numbers = without.filter((length) => typeof length === 'number');
  return numbers.length === without.length ? input.graph.constant(int64Vector(numbers), input.name) : undefined;
}

/** The only length that is not known as a number becomes -1, "whatever is left", unless one is so already. */
function openingOne(lengths: readonly Element[]): readonly Element[] {
  const open = lengths.filter((length) => typeof length !== 'number' || length === -1);
  return open.length === 1 ? lengths.map((length) => (typeof length === 'number' ? length : -1)) : lengths;
}
