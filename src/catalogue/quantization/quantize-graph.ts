import { InternalError } from '../../foundation/errors/internal-error.ts';
import type { Graph, OperatorNode, Value } from '../../graph/builder/graph.ts';
import { rewriteGraph } from '../../graph/builder/rewrite-graph.ts';
import { producerOf } from '../../graph/builder/value.ts';
import { type Tensor, tensor } from '../../graph/tensor/tensor.ts';
import { type Affine, affineOf, type ValueRange } from './affine.ts';
import { type QuantizableLayer, quantizableLayers, withoutReshaping } from './quantizable-layers.ts';
import { quantizeFilters } from './quantize-filters.ts';

/** What was observed of a network's values, and how its weights become whole numbers. */
export interface QuantizeGraphOptions {
  /** The range of every value that `observedValues` names. */
  readonly ranges: ReadonlyMap<Value, ValueRange>;
  /** Weights become whole numbers from minus this to this; at most 127. */
  readonly weightLimit: number;
}

/**
 * A copy of a graph whose convolutions and hidden dense layers work on bytes: what they read and give is one byte an element,
 * weights are signed bytes with a scale for each filter, biases 32-bit whole numbers. Everything else stays in floating point.
 *
 * It is written in ONNX's own words, QuantizeLinear and DequantizeLinear around the floating-point operators: an engine that
 * knows the pattern runs the layer on whole numbers, any other computes the same thing in floating point. A ReLU behind a
 * layer is gone: the layer's bytes begin at zero, so that what is below zero becomes zero.
 *
 * Source: Jacob et al. 2018, sections 2 and 3; the pattern is ONNX's "QDQ" form.
 */
export function quantizeGraph(graph: Graph, { ranges, weightLimit }: QuantizeGraphOptions): Graph {
  const layers = quantizableLayers(graph);
  const rectified = new Set(layers.filter(({ followers }) => followers.some(isRelu)).map(({ output }) => output));
  const affines = new Map(
    [...ranges].map(([value, { low, high }]) => {
      const range = rectified.has(value) ? { low: Math.max(low, 0), high: Math.max(high, 0) } : { low, high };
      return [value, affineOf(range)];
    }),
  );
  const affineAt = (value: Value): Affine => {
    const affine = affines.get(withoutReshaping(value));
    if (affine === undefined)
      throw new InternalError(`no range is known for '${value.name}': observe the graph's layers first`);
    return affine;
  };
  const layerOf = new Map<OperatorNode, QuantizableLayer>(layers.map((layer) => [layer.node, layer]));
  const led = new Map<OperatorNode, QuantizableLayer>(
    layers.flatMap((layer) => layer.followers.map((follower) => [follower, layer] as const)),
  );
  const bytesOf = new Map<Value, Value>();
  return rewriteGraph(graph, (node, inputs, target) => {
    const leader = led.get(node);
    const [x] = inputs;
    if (leader !== undefined && x !== undefined) {
      if (isRelu(node)) return [x];
      const { attributes } = node as OperatorNode<'MaxPool'>;
      const [pooled] = target.apply('MaxPool', [x], attributes, { name: node.name });
      return [throughBytes(target, pooled, affineAt(leader.output))];
    }
    const layer = layerOf.get(node);
    if (layer === undefined || x === undefined) return undefined;
    const input = affineAt(layer.input);
    const filters = quantizeFilters(layer.weight, layer.bias, input.scale, weightLimit);
    const real = (name: string, levels: Tensor, scales: Tensor) =>
      perFilter(target, `${node.name}.${name}`, levels, scales);
    const weight = real('weight', filters.levels, filters.scales);
    const bias = real('bias', filters.biasLevels, filters.biasScales);
    if (!bytesOf.has(x)) bytesOf.set(x, isFromBytes(x) ? x : throughBytes(target, x, input));
    const operands = [bytesOf.get(x), weight, bias];
    const options = { name: node.name };
    const [y] =
      layer.node.op === 'Conv'
        ? target.apply('Conv', operands, (layer.node as OperatorNode<'Conv'>).attributes, options)
        : target.apply('Gemm', operands, (layer.node as OperatorNode<'Gemm'>).attributes, options);
    return [throughBytes(target, y, affineAt(layer.output))];
  });
}

/** Constant levels times a scale for each filter. Zero points are written out: onnxruntime's dense layers want them. */
function perFilter(target: Graph, name: string, levels: Tensor, scales: Tensor): Value {
  const operands = [
    target.constant(levels, `${name}.levels`),
    target.constant(scales, `${name}.scales`),
    target.constant(tensor(levels.type, scales.shape) as Tensor, `${name}.zero_points`),
  ];
  return target.apply('DequantizeLinear', operands, { axis: 0 }, { name })[0];
}

/** What is left of a value that goes through bytes. */
function throughBytes(target: Graph, value: Value, { scale, zeroPoint }: Affine): Value {
  const parameters = [
    target.constant(tensor('float32', [], Float32Array.of(scale)), `${value.name}.scale`),
    target.constant(tensor('uint8', [], Uint8Array.of(zeroPoint)), `${value.name}.zero_point`),
  ];
  const [levels] = target.apply('QuantizeLinear', [value, ...parameters], {}, { name: `${value.name}.quantize` });
  return target.apply('DequantizeLinear', [levels, ...parameters], {}, { name: `${value.name}.dequantize` })[0];
}

function isRelu({ op }: OperatorNode): boolean {
  return op === 'Relu';
}

function isFromBytes(value: Value): boolean {
  const node = producerOf(value);
  return node?.kind === 'operator' && node.op === 'DequantizeLinear';
}
