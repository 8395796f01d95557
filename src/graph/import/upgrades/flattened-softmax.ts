import { reduceLogSumExp } from '../../builder/operations.ts';
import { encodeAttribute } from '../../onnx/encode-attribute.ts';
import { intOf, safeInteger } from '../../onnx/read-attribute.ts';
import { normalizeAxis } from '../../tensor/shape.ts';
import { dataInput, type Rewrite, withAttributes } from './foreign-node.ts';

/**
 * Softmax and LogSoftmax before opset 13 work over all axes from `axis` (default 1) on at once. Where only one of those has
 * a length other than 1, that is today's operator; otherwise it is `x - logSumExp(x)`, and its exponential for Softmax.
 */
export const flattenedSoftmax: Rewrite = (node, { graph }) => {
  const x = dataInput(node);
  const given = node.attributes.get('axis');
  const first = normalizeAxis(
    given === undefined ? 1 : safeInteger(intOf(given, node.what), node.what),
    x.shape.length,
  );
  const axes = Array.from({ length: x.shape.length - first }, (_, offset) => first + offset);
  const long = axes.filter((axis) => x.shape[axis] !== 1);
  if (long.length <= 1) {
    return withAttributes(node, encodeAttribute('axis', { kind: 'int', value: long[0] ?? first }));
  }
  const names = { name: node.name, outputNames: node.outputs };
  const sum = reduceLogSumExp(x, axes, true);
  if (node.op === 'LogSoftmax') return graph.apply('Sub', [x, sum], {}, names);
  return graph.apply('Exp', graph.apply('Sub', [x, sum], {}), {}, names);
};
