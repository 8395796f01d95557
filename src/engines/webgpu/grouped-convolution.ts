import type { OperatorNode, Value } from '../../graph/builder/graph.ts';
import { concat, conv, convTranspose, slice } from '../../graph/builder/operations.ts';
import type { OperatorAttributes } from '../../graph/operators/operator.ts';

/**
 * A convolution of several groups as one a group, where onnxruntime's WebGPU kernels (1.30) give wrong numbers: more than four
 * filters a group whose number four does not divide, and more than two spatial axes (refused). Undefined where they are right.
 */
export function groupedConvolution(node: OperatorNode, inputs: readonly (Value | undefined)[]): Value[] | undefined {
  const [x, w, bias] = inputs;
  const attributes = node.attributes as OperatorAttributes<'Conv'>;
  if (x === undefined || w === undefined || attributes.group === 1) return undefined;
  const each = Number(w.shape[0]) / attributes.group;
  if (w.shape.length <= 4 && (each <= 4 || each % 4 === 0)) return undefined;
  const single = { ...attributes, group: 1 };
  const parts = groupsOf(attributes.group).map((group) =>
    conv(
      part(x, 1, group, attributes.group),
      part(w, 0, group, attributes.group),
      bias && part(bias, 0, group, attributes.group),
      single,
    ),
  );
  return [concat(parts, 1)];
}

/**
 * A transposed convolution likewise, where each group has one filter but several channels. Undefined where the kernels are
 * right, and where a bias is given, which no gradient has.
 */
export function groupedTransposedConvolution(
  node: OperatorNode,
  inputs: readonly (Value | undefined)[],
): Value[] | undefined {
  const [x, w, bias] = inputs;
  const attributes = node.attributes as OperatorAttributes<'ConvTranspose'>;
  const { group: groups } = attributes;
  if (x === undefined || w === undefined || bias !== undefined || groups === 1) return undefined;
  if (w.shape[1] !== 1 || w.shape[0] === groups) return undefined;
  const single = { ...attributes, group: 1 };
  const parts = groupsOf(groups).map((group) =>
    convTranspose(part(x, 1, group, groups), part(w, 0, group, groups), single),
  );
  return [concat(parts, 1)];
}

const groupsOf = (count: number): number[] => Array.from({ length: count }, (_, group) => group);

/** One of `count` equal parts of an axis. */
function part(x: Value, axis: number, index: number, count: number): Value {
  const length = Number(x.shape[axis]) / count;
  return slice(x, [{ axis, start: index * length, end: (index + 1) * length }]);
}
