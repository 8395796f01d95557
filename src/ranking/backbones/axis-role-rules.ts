import type { Node, OperatorNode, Value } from '../../graph/builder/graph.ts';
import { constantOf } from '../../graph/builder/value.ts';
import type { OperatorName } from '../../graph/operators/operator.ts';
import { normalizeAxis } from '../../graph/tensor/shape.ts';
import { toNumbers } from '../../graph/tensor/tensor.ts';
import { type Axis, type AxisRoles, axisOf, broadcastRoles, regrouped, resized, roleOf } from './axis-roles.ts';

/** Roles of the axes of a node's inputs; undefined for what does not carry the pictures, such as weights, or is not known. */
export type InputRoles = readonly (AxisRoles | undefined)[];

/** Roles of one output's axes; undefined where they are not known. */
type Rule<Op extends OperatorName> = (
  node: OperatorNode<Op>,
  inputs: InputRoles,
  output: Value,
) => AxisRoles | undefined;

const rules: { readonly [Op in OperatorName]?: Rule<Op> } = {
  Conv: convolved,
  ConvTranspose: convolved,
  BatchNormalization: withChannels(1),
  InstanceNormalization: withChannels(1),
  GlobalAveragePool: withChannels(1),
  GlobalMaxPool: withChannels(1),
  LayerNormalization: (node, inputs, output) => {
    const rank = output.shape.length;
    const last = normalizeAxis(node.attributes.axis, rank) === rank - 1;
    return last ? withChannels(rank - 1)(node, inputs, output) : alongside(node, inputs, output);
  },
  MatMul: (_, [a, b], { shape }) => product(a, b, shape),
  Gemm: ({ attributes: { transA, transB } }, [a, b], { shape }) =>
    product(transA ? a?.toReversed() : a, transB ? b?.toReversed() : b, shape),
  Transpose: ({ attributes: { perm } }, [data]) =>
    data && (perm === undefined ? data.toReversed() : perm.map((axis) => data[axis])),
  Flatten: (_, [data], { shape }) => data && regrouped(data, shape),
  Reshape: (_, [data], { shape }) => data && regrouped(data, shape),
  Squeeze: (_, [data], { shape }) => data && regrouped(data, shape),
  Unsqueeze: (_, [data], { shape }) => data && regrouped(data, shape),
  ReduceLogSumExp: reduced,
  ReduceMax: reduced,
  ReduceMean: reduced,
  ReduceMin: reduced,
  ReduceSum: reduced,
  Gather: ({ inputs: [table, indices], attributes }, [data]) => {
    if (data === undefined || table === undefined || indices === undefined) return undefined;
    const axis = normalizeAxis(attributes.axis, table.shape.length);
    const gathered = indices.shape.map((length) => axisOf(length, roleOf(data[axis])));
    return [...data.slice(0, axis), ...gathered, ...data.slice(axis + 1)];
  },
  Concat: ({ attributes }, inputs, { shape }) => {
    const known = inputs.filter((roles) => roles !== undefined);
    const axis = normalizeAxis(attributes.axis, shape.length);
    const joined = new Set(known.map((roles) => roleOf(roles[axis])).filter((role) => role !== undefined));
    const others = broadcastRoles(known, shape);
    return others.map((own, place) =>
      place === axis ? axisOf(shape[axis], joined.size === 1 ? [...joined][0] : undefined) : own,
    );
  },
};

/** Operators whose output has the axes of its inputs, broadcast together; lengths may change. */
const keeping: ReadonlySet<OperatorName> = new Set<OperatorName>([
  ...(['Abs', 'Cast', 'Ceil', 'Clip', 'Elu', 'Erf', 'Exp', 'Floor', 'HardSigmoid', 'HardSwish'] as const),
  ...(['Identity', 'LeakyRelu', 'Log', 'Neg', 'Reciprocal', 'Relu', 'Sigmoid', 'Sign', 'Softplus', 'Sqrt'] as const),
  ...(['Tanh', 'Add', 'Div', 'Max', 'Min', 'Mul', 'Sub', 'Sum', 'Pow', 'PRelu', 'Where', 'Dropout'] as const),
  ...(['LogSoftmax', 'Softmax', 'LRN', 'LpNormalization', 'AveragePool', 'MaxPool', 'Pad', 'Slice', 'Split'] as const),
  ...(['Tile', 'Expand', 'Resize', 'TopK', 'QuantizeLinear', 'DequantizeLinear'] as const),
]);

/** Foreign operators that work as Conv does. */
const foreignConvolutions: ReadonlySet<string> = new Set(['ConvInteger', 'FusedConv', 'QLinearConv']);

/**
 * Roles of the axes of a node's outputs, from those of its inputs. An operator that is not here gives none.
 *
 * @param keepsShape true for a foreign operator that moves nothing.
 */
export function outputRoles(node: Node, inputs: InputRoles, keepsShape: boolean): InputRoles {
  if (inputs.every((roles) => roles === undefined)) return node.outputs.map(() => undefined);
  return node.outputs.map((output) => {
    if (node.kind === 'opaque') {
      if (foreignConvolutions.has(node.op)) return convolved(node, inputs, output);
      return keepsShape ? alongside(node, inputs.slice(0, 1), output) : undefined;
    }
    const rule = rules[node.op] as Rule<OperatorName> | undefined;
    if (rule !== undefined) return rule(node, inputs, output);
    return keeping.has(node.op) ? alongside(node, inputs, output) : undefined;
  });
}

function alongside(_: Node, inputs: InputRoles, { shape }: Value): AxisRoles {
  return broadcastRoles(
    inputs.filter((roles) => roles !== undefined),
    shape,
  );
}

/** The axes of input 0, of which one holds channels, whatever was known of it. */
function withChannels(channel: number) {
  return (_: Node, [data]: InputRoles, { shape }: Value): AxisRoles | undefined =>
    data &&
    shape.map((length, axis) => {
      const own = resized(data[axis], length);
      return axis === channel && roleOf(own) === undefined ? axisOf(length, 'channel') : own;
    });
}

/** [batch, channels, places ...], whatever the filters are. */
function convolved(_: Node, [data]: InputRoles, { shape }: Value): AxisRoles | undefined {
  return (
    data && shape.map((length, axis) => (axis === 1 ? axisOf(length, 'channel') : placesOf(data[axis], length, axis)))
  );
}

function placesOf(own: Axis, length: AxisRoles[number][number]['length'], axis: number): Axis {
  const kept = resized(own, length);
  return axis > 1 && roleOf(kept) === undefined ? axisOf(length, 'place') : kept;
}

/**
 * A matrix product. With weights, the new axis counts what the summed one did: features of features, or, where tokens are mixed,
 * places of places. Of two tensors, as in attention, rows are the left one's and columns the right one's.
 */
function product(a: AxisRoles | undefined, b: AxisRoles | undefined, shape: Value['shape']): AxisRoles | undefined {
  const rank = shape.length;
  if (a !== undefined && b === undefined) {
    const kept = broadcastRoles([[...a.slice(0, -1), []]], shape);
    return kept.map((own, axis) => (axis === rank - 1 ? axisOf(shape[axis], mixed(a.at(-1))) : own));
  }
  if (a === undefined && b !== undefined && b.length > 1) {
    const kept = broadcastRoles([[...b.slice(0, -2), [], ...b.slice(-1)]], shape);
    return kept.map((own, axis) => (axis === rank - 2 ? axisOf(shape[axis], mixed(b.at(-2))) : own));
  }
  if (a === undefined || b === undefined || a.length < 2 || b.length < 2) return undefined;
  return broadcastRoles(
    [
      [...a.slice(0, -1), []],
      [...b.slice(0, -2), [], ...b.slice(-1)],
    ],
    shape,
  );
}

function mixed(summed: Axis | undefined): 'channel' | 'place' {
  return summed !== undefined && roleOf(summed) === 'place' ? 'place' : 'channel';
}

function reduced(
  {
    inputs: [, axes],
    attributes,
  }: OperatorNode<'ReduceMean' | 'ReduceMax' | 'ReduceMin' | 'ReduceSum' | 'ReduceLogSumExp'>,
  [data]: InputRoles,
): AxisRoles | undefined {
  if (data === undefined) return undefined;
  const constant = constantOf(axes);
  const given = constant === undefined ? [] : toNumbers(constant).map((axis) => normalizeAxis(axis, data.length));
  const gone = given.length > 0 || attributes.noopWithEmptyAxes ? given : [...data.keys()];
  if (attributes.keepdims) return data.map((own, axis) => (gone.includes(axis) ? [] : own));
  return data.filter((_, axis) => !gone.includes(axis));
}
