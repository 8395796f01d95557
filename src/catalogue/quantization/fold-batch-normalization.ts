import type { Graph, OperatorNode, Value } from '../../graph/builder/graph.ts';
import { rewriteGraph } from '../../graph/builder/rewrite-graph.ts';
import { constantOf, producerOf } from '../../graph/builder/value.ts';
import { type Tensor, tensor } from '../../graph/tensor/tensor.ts';

/**
 * A copy of a graph in which a batch normalisation behind a convolution is part of it: its weights times
 * `scale / sqrt(variance + epsilon)`, its bias moved likewise. Only where all of them are constants and nothing else reads
 * the convolution.
 *
 * Source: Jacob et al. 2018, section 3.2.
 */
export function foldBatchNormalization(graph: Graph): Graph {
  const readers = new Map<Value, number>();
  for (const node of graph.nodes) {
    for (const input of node.inputs) if (input !== undefined) readers.set(input, (readers.get(input) ?? 0) + 1);
  }
  for (const value of graph.outputs.values()) readers.set(value, (readers.get(value) ?? 0) + 1);
  return rewriteGraph(graph, (node, inputs, target) => {
    const [source] = node.inputs;
    const [x] = inputs;
    if (node.op !== 'BatchNormalization' || source === undefined || x === undefined) return undefined;
    const conv = producerOf(x);
    if (readers.get(source) !== 1 || node.outputs.length !== 1 || !isConvolution(conv)) return undefined;
    const [image, weight, bias] = conv.inputs;
    const [w, b] = [constantOf(weight), constantOf(bias)];
    const parameters = node.inputs.slice(1).map(constantOf);
    if (image === undefined || weight === undefined || w === undefined || (bias !== undefined && b === undefined)) {
      return undefined;
    }
    if (!areFloats(parameters)) return undefined;
    const { epsilon } = (node as OperatorNode<'BatchNormalization'>).attributes;
    const folded = foldInto(w, b, parameters, epsilon);
    const constants = [
      target.constant(folded.weight, `${weight.name}.folded`),
      target.constant(folded.bias, `${conv.name}.bias.folded`),
    ];
    return target.apply('Conv', [image, ...constants], conv.attributes, { name: `${conv.name}.folded` });
  });
}

function isConvolution(node: ReturnType<typeof producerOf>): node is OperatorNode<'Conv'> {
  return node?.kind === 'operator' && node.op === 'Conv';
}

function areFloats(values: readonly (Tensor | undefined)[]): values is readonly Tensor[] {
  return values.length === 4 && values.every((value) => value?.type === 'float32');
}

function foldInto(
  w: Tensor,
  b: Tensor | undefined,
  [scale, shift, mean, variance]: readonly Tensor[],
  epsilon: number,
) {
  const weight = tensor('float32', w.shape);
  const bias = tensor('float32', [w.shape[0]]);
  const size = w.data.length / w.shape[0];
  for (let filter = 0; filter < bias.data.length; filter++) {
    const factor = Number(scale.data[filter]) / Math.sqrt(Number(variance.data[filter]) + epsilon);
    const old = b === undefined ? 0 : Number(b.data[filter]);
    bias.data[filter] = (old - Number(mean.data[filter])) * factor + Number(shift.data[filter]);
    for (let i = filter * size; i < (filter + 1) * size; i++) weight.data[i] = Number(w.data[i]) * factor;
  }
  return { weight, bias };
}
