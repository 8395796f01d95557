import { toBinary } from '@bufbuild/protobuf';
import type { Graph, OperatorNode, Value } from '../../graph/builder/graph.ts';
import { pad, reshape, transpose } from '../../graph/builder/operations.ts';
import { rewriteGraph } from '../../graph/builder/rewrite-graph.ts';
import { constantOf } from '../../graph/builder/value.ts';
import { lowerGradients } from '../../graph/lowering/lower-gradients.ts';
import { encodeAttribute } from '../../graph/onnx/encode-attribute.ts';
import { AttributeProtoSchema } from '../../graph/onnx/onnx_pb.ts';
import type { OperatorAttributes } from '../../graph/operators/operator.ts';
import { spatialAttributes } from '../../graph/shape-inference/spatial.ts';
import { isStatic } from '../../graph/tensor/shape.ts';

/** The operator domain of onnxruntime's blocked kernels. */
const domain = 'com.microsoft.nchwc';

/** onnxruntime reorders images of so many channels or a multiple of it, and fills the last block with zeros. */
const channelStep = 4;

/** Most that filling up blocks with zeros may multiply the work by: the kernels gain more than that. */
const mostFilled = 1.5;

/**
 * A copy of a graph whose convolutions run on onnxruntime's blocked kernels, which keep `block` channels side by side:
 * [N, C, H, W] becomes [N, C / block, H, W, block], and so do the filters. onnxruntime does so itself where the filters are
 * constants; in a training graph they are not, and there the kernels are up to twice as fast as its plain ones.
 *
 * Convolutions of one group are replaced, with their images reordered before and behind. Where channels or filters are no
 * multiple of `block`, zeros fill the last block, unless that is half as much work again; then, and where filters are
 * constant, the convolution stays as it is. Results are equal to rounding. Gradients are lowered, for some of them are
 * convolutions.
 */
export function blockConvolutions(graph: Graph, block: number): Graph {
  return rewriteGraph(lowerGradients(graph), (node, inputs, target) => {
    const [x, w, bias] = inputs;
    if (node.op !== 'Conv' || x === undefined || w === undefined || !canBeBlocked(node, block)) return undefined;
    const [filters, channels, ...kernel] = w.shape.map(Number);
    const [whole, deep] = [filled(filters, block), filled(channels, block)];
    const shape = node.outputs[0].shape;
    const [batch, , ...positions] = shape;
    const opaque = (op: string, values: readonly Value[], attributes: readonly Uint8Array[], like: Value['shape']) =>
      target.applyOpaque({ op, domain, inputs: values, attributes, name: `${node.name}.${op}` }, [
        { type: 'float32', shape: like },
      ])[0];
    const missing = whole - filters;
    const all = pad(w, [0, 0, 0, 0, missing, deep - channels, 0, 0]);
    const filter = reshape(blockedFilters(all, block), [whole, deep, ...kernel]);
    const [images, , ...sides] = x.shape;
    const image = opaque('ReorderInput', [x], [], [images, deep, ...sides]);
    const operands = bias === undefined ? [image, filter] : [image, filter, pad(bias, [0, missing])];
    const attributes = convAttributes(node as OperatorNode<'Conv'>, kernel);
    const result = opaque('Conv', operands, attributes, [batch, whole, ...positions]);
    return [opaque('ReorderOutput', [result], [bytes('channels', filters)], shape)];
  });
}

/**
 * Filters [O, I, height, width] as [O / block, I / block, height, width, block of I, block of O], in two steps that
 * onnxruntime runs faster than the one: an axis to the end, then rows moved as they are.
 */
function blockedFilters(filters: Value, block: number): Value {
  const [outer, inner, height, width] = filters.shape.map(Number);
  const last = transpose(reshape(filters, [outer / block, block, inner * height * width]), [0, 2, 1]);
  const rows = reshape(last, [outer / block, inner / block, block, height * width, block]);
  return transpose(rows, [0, 1, 3, 2, 4]);
}

/** A number of channels with the zeros that fill its last block. */
const filled = (channels: number, block: number): number => Math.ceil(channels / block) * block;

function canBeBlocked(node: OperatorNode, block: number): boolean {
  const [x, w] = node.inputs;
  if (x === undefined || w === undefined || constantOf(w) !== undefined) return false;
  const [filters, channels] = w.shape;
  if (typeof filters !== 'number' || typeof channels !== 'number' || channels % channelStep !== 0) return false;
  const work = (filled(filters, block) * filled(channels, block)) / (filters * channels);
  const { group } = node.attributes as OperatorAttributes<'Conv'>;
  return group === 1 && x.type === 'float32' && x.shape.length === 4 && isStatic(x.shape) && work < mostFilled;
}

function convAttributes({ attributes }: OperatorNode<'Conv'>, kernel: readonly number[]): Uint8Array[] {
  const { strides, dilations, padsBegin, padsEnd } = spatialAttributes(attributes, 2, kernel);
  return [
    bytes('kernel_shape', kernel),
    bytes('strides', strides),
    bytes('dilations', dilations),
    bytes('pads', [...padsBegin, ...padsEnd]),
    bytes('group', 1),
  ];
}

function bytes(name: string, value: number | readonly number[]): Uint8Array {
  const attribute = typeof value === 'number' ? ({ kind: 'int', value } as const) : ({ kind: 'ints', value } as const);
  return toBinary(AttributeProtoSchema, encodeAttribute(name, attribute));
}
