import type { Node, Value } from '../../graph/builder/graph.ts';
import { constantOf, producerOf } from '../../graph/builder/value.ts';
import type { OperatorName } from '../../graph/operators/operator.ts';

/** A weight of a foreign network. */
export interface LearnableWeight {
  readonly value: Value;
  /** True if weight decay applies: filters and matrices, not biases, scales or embeddings. */
  readonly decays: boolean;
}

/** The inputs, by number, that are weights of a layer wherever they are constant. */
const weightInputs: { readonly [Op in OperatorName]?: readonly number[] } = {
  BatchNormalization: [1, 2],
  Conv: [1, 2],
  ConvTranspose: [1, 2],
  FusedMatMul: [0, 1],
  Gather: [0],
  Gemm: [0, 1, 2],
  InstanceNormalization: [1, 2],
  LayerNormalization: [1, 2],
  MatMul: [0, 1],
  PRelu: [1],
};

/** Operators whose constant operands may be weights: biases, scales, positions, class tokens. */
const operandOf: ReadonlySet<string> = new Set(['Add', 'Concat', 'Div', 'Mul', 'Sub', 'Sum']);

const products: ReadonlySet<string> = new Set(['Conv', 'ConvTranspose', 'FusedMatMul', 'Gemm', 'MatMul']);

/** Operators that hand a weight on without changing its numbers. */
const passing: ReadonlySet<string> = new Set([
  'Expand',
  'Flatten',
  'Identity',
  'Reshape',
  'Squeeze',
  'Transpose',
  'Unsqueeze',
]);

/**
 * The weights of some nodes, each once, in the nodes' order: float32 constants that go into a layer (filters, matrices, scales
 * and biases of normalisations, tables of embeddings), and constants of more than one element that are added to or multiplied
 * with something behind the first layer (biases, layer scales, positions, class tokens).
 *
 * What is left as it is: single numbers (epsilons, factors of an activation), bounds, exponents, the mean and variance of
 * batch normalisation, and what meets the picture before any layer does, which is its normalisation.
 */
export function learnableWeights(nodes: readonly Node[]): LearnableWeight[] {
  const weights = new Map<Value, LearnableWeight>();
  const behindLayer = new Set<Value>();
  const take = (input: Value | undefined, decays: boolean, least = 0) => {
    const value = input && weightBehind(input);
    const tensor = constantOf(value);
    if (value === undefined || tensor?.type !== 'float32' || tensor.data.length <= least || weights.has(value)) return;
    weights.set(value, { value, decays: decays && tensor.shape.length >= 2 });
  };
  for (const node of nodes) {
    const slots = node.kind === 'operator' ? weightInputs[node.op] : undefined;
    const product = products.has(node.op);
    for (const slot of slots ?? []) take(node.inputs[slot], product);
    const behind = node.inputs.some((input) => input !== undefined && behindLayer.has(input));
    if (node.kind === 'operator' && operandOf.has(node.op) && behind) {
      for (const input of node.inputs) take(input, false, 1);
    }
    if (behind || product) for (const output of node.outputs) behindLayer.add(output);
  }
  return [...weights.values()];
}

/** The constant that a value is, or is only another view of. */
function weightBehind(value: Value): Value | undefined {
  let behind = value;
  for (let node = producerOf(behind); node !== undefined; node = producerOf(behind)) {
    const [input] = node.inputs;
    if (node.kind !== 'operator' || !passing.has(node.op) || input === undefined) return undefined;
    behind = input;
  }
  return behind.origin.kind === 'constant' ? behind : undefined;
}
