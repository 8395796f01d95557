import type { Graph, OperatorNode, Value } from '../../graph/builder/graph.ts';
import { add, cast, greater, identity, less, sub } from '../../graph/builder/operations.ts';
import { rewriteGraph } from '../../graph/builder/rewrite-graph.ts';
import { lowerGradients } from '../../graph/lowering/lower-gradients.ts';
import type { OperatorAttributes, OperatorName } from '../../graph/operators/operator.ts';
import { localResponseNormalization, logSoftmaxOf, trainingBatchNormalization } from './elementary-normalization.ts';
import { groupedConvolution, groupedTransposedConvolution } from './grouped-convolution.ts';
import { plainProduct } from './plain-product.ts';

/** Builds what an operator is on WebGPU, on the inputs of its copy; undefined where it stays as it is. */
type Replace = (node: OperatorNode, inputs: readonly (Value | undefined)[]) => Value[] | undefined;

/**
 * What onnxruntime's WebGPU provider (1.30) has no kernel for, or a wrong one, in operators that it has: found by running the
 * cases of every operator on it.
 */
const replacements: Partial<Record<OperatorName, Replace>> = {
  BatchNormalization: trainingBatchNormalization,
  Conv: groupedConvolution,
  ConvTranspose: groupedTransposedConvolution,
  Dropout: ({ outputs }, [data, , mode]) =>
    outputs.length === 1 && mode === undefined && data !== undefined ? [identity(data)] : undefined,
  FusedMatMul: plainProduct,
  LogSoftmax: logSoftmaxOf,
  LRN: localResponseNormalization,
  Sign: (_, [x]) => x && [sub(cast(greater(x, 0), x.type), cast(less(x, 0), x.type))],
  Sum: (_, inputs) => {
    const [first, ...others] = inputs as readonly Value[];
    return [others.length === 0 ? identity(first) : others.reduce((sum, x) => add(sum, x), first)];
  },
};

/**
 * A copy of a graph for onnxruntime's WebGPU provider: gradients lowered without FusedMatMul, one-hot convolutions of many
 * groups and pools that keep places; batch normalisation in training, local response normalisation and some others from
 * elementary operators. Results are equal to rounding. What has no kernel even so is run by the CPU, see `cpuOperators`.
 */
export function webGpuForm(graph: Graph): Graph {
  const lowered = lowerGradients(graph, { convWeightForm: () => 'taps', maxPoolForm: 'comparison' });
  const read = new Set([...lowered.outputs.values(), ...lowered.nodes.flatMap(({ inputs }) => inputs)]);
  return rewriteGraph(lowered, (node, inputs) => {
    if (node.op === 'MaxPool' && !read.has(node.outputs[1])) return poolWithoutPlaces(node, inputs);
    return replacements[node.op]?.(node, inputs);
  });
}

/** A pool whose places nobody reads, without them: the kernels refuse to tell them. */
function poolWithoutPlaces({ attributes, name }: OperatorNode, inputs: readonly (Value | undefined)[]): Value[] {
  const windows = { ...(attributes as OperatorAttributes<'MaxPool'>), storageOrder: 0 };
  return inputs[0]!.graph.apply('MaxPool', inputs, windows, { name });
}
