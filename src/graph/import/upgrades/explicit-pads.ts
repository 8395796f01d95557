import { GraphError } from '../../../foundation/errors/graph-error.ts';
import { encodeAttribute } from '../../onnx/encode-attribute.ts';
import { intsOf, safeInteger, stringOf } from '../../onnx/read-attribute.ts';
import type { Dimension } from '../../tensor/shape.ts';
import {
  dataInput,
  type ForeignNode,
  OutsideSetError,
  type Rewrite,
  withAttributes,
  withoutAttributes,
} from './foreign-node.ts';

/**
 * `auto_pad` of a convolution or a pool becomes numbers. SAME makes the output `ceil(length / stride)` long, so the pads of
 * an axis add up to `max((ceil(length / stride) - 1) * stride + extent - length, 0)`, where the extent of a kernel is
 * `(kernel - 1) * dilation + 1`; an odd element goes to the end (SAME_UPPER) or to the beginning (SAME_LOWER).
 *
 * @throws if the length of an axis has to be known for that but is only named.
 */
export const explicitPads: Rewrite = (node) => {
  const mode = autoPad(node);
  const plain = withoutAttributes(node, 'auto_pad');
  if (mode === 'NOTSET') return plain;
  if (mode === 'VALID') return withoutAttributes(plain, 'pads');
  const totals = windows(node).map(({ length, extent, stride }, axis) => {
    if (stride === 1) return extent - 1;
    if (typeof length === 'number') return Math.max((Math.ceil(length / stride) - 1) * stride + extent - length, 0);
    throw new GraphError(
      `${node.what} pads to ${mode}, which needs the length of spatial axis ${axis}, but that is only the name ` +
        `'${length}': give it a number when importing (lengths: { '${length}': ... })`,
    );
  });
  const pads = encodeAttribute('pads', { kind: 'ints', value: split(totals, mode) });
  // With SAME the output length is rounded up already.
  const padded = withAttributes(plain, pads);
  return node.attributes.has('ceil_mode') ? withoutAttributes(padded, 'ceil_mode') : padded;
};

/**
 * `auto_pad` and `output_shape` of a transposed convolution become pads: those that cut the full output,
 * `stride * (length - 1) + output_padding + extent`, to the length asked for, which with SAME is `length * stride`.
 *
 * @throws if an axis has to be known for that but is only named.
 */
export const explicitTransposedPads: Rewrite = (node) => {
  const mode = autoPad(node);
  const asked = node.attributes.get('output_shape');
  const plain = withoutAttributes(node, 'auto_pad', 'output_shape');
  if (asked === undefined && mode === 'NOTSET') return plain;
  if (asked === undefined && mode === 'VALID') return withoutAttributes(plain, 'pads');
  const spatial = windows(node);
  const outputPadding = listOf(node, 'output_padding', spatial.length, 0);
  // Older files list batch and channels in output_shape as well: the spatial lengths come last.
  const lengths =
    asked &&
    intsOf(asked, node.what)
      .map((value) => safeInteger(value, node.what))
      .slice(-spatial.length);
  const totals = spatial.map(({ length, extent, stride }, axis) => {
    if (lengths === undefined) return outputPadding[axis] + extent - stride;
    if (typeof length === 'number') return stride * (length - 1) + outputPadding[axis] + extent - lengths[axis];
    throw new GraphError(
      `${node.what} asks for an output length, which needs the length of spatial axis ${axis}, but that is only the name ` +
        `'${length}': give it a number when importing (lengths: { '${length}': ... })`,
    );
  });
  if (totals.some((total) => !(total >= 0))) {
    throw new OutsideSetError(`its output would be longer than kernel and stride make it (pads of [${totals}])`);
  }
  return withAttributes(plain, encodeAttribute('pads', { kind: 'ints', value: split(totals, mode) }));
};

function autoPad(node: ForeignNode): 'NOTSET' | 'VALID' | 'SAME_UPPER' | 'SAME_LOWER' {
  const attribute = node.attributes.get('auto_pad');
  const mode = attribute === undefined ? 'NOTSET' : stringOf(attribute, node.what);
  if (mode === 'NOTSET' || mode === 'VALID' || mode === 'SAME_UPPER' || mode === 'SAME_LOWER') return mode;
  throw new GraphError(`${node.what}: auto_pad is '${mode}', expected NOTSET, VALID, SAME_UPPER or SAME_LOWER`);
}

/** Half of each total at the beginnings, then the rest at the ends; the odd element at the end for SAME_UPPER only. */
function split(totals: readonly number[], mode: string): number[] {
  const first = totals.map((total) => (mode === 'SAME_UPPER' ? Math.floor(total / 2) : Math.ceil(total / 2)));
  return [...first, ...totals.map((total, axis) => total - first[axis])];
}

interface Window {
  readonly length: Dimension;
  readonly extent: number;
  readonly stride: number;
}

function windows(node: ForeignNode): Window[] {
  const lengths = dataInput(node).shape.slice(2);
  const weights = node.inputs[1]?.shape.slice(2) ?? [];
  const kernel = node.attributes.has('kernel_shape') ? listOf(node, 'kernel_shape', lengths.length, 1) : weights;
  const strides = listOf(node, 'strides', lengths.length, 1);
  const dilations = listOf(node, 'dilations', lengths.length, 1);
  return lengths.map((length, axis) => {
    const size = kernel[axis];
    if (typeof size !== 'number') throw new GraphError(`${node.what} has a kernel of unknown size`);
    return { length, extent: (size - 1) * dilations[axis] + 1, stride: strides[axis] };
  });
}

function listOf(node: ForeignNode, name: string, count: number, otherwise: number): number[] {
  const attribute = node.attributes.get(name);
  if (attribute === undefined) return new Array<number>(count).fill(otherwise);
  const values = intsOf(attribute, node.what).map((value) => safeInteger(value, node.what));
  if (values.length === count && values.every((value) => value >= otherwise)) return values;
  throw new GraphError(
    `${node.what}: ${name} is [${values}], expected ${count} numbers of at least ${otherwise}, one a spatial axis`,
  );
}
