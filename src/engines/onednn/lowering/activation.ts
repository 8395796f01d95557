import type { OperatorNode, Value } from '../../../graph/builder/graph.ts';
import { constantOf, producerOf } from '../../../graph/builder/value.ts';
import type { OperatorAttributes } from '../../../graph/operators/operator.ts';
import { algorithm } from '../library/constants.ts';

/** A function of each element, as oneDNN has it: an algorithm with two numbers. */
export interface Activation {
  readonly kind: number;
  readonly alpha: number;
  readonly beta: number;
}

const largest = 3.4028234663852886e38;

/** The activation that a node is: ReLU, Gelu, a square root, or Clip between bounds that are known beforehand; undefined of any other. */
export function activationOf({ op, inputs, attributes }: OperatorNode): Activation | undefined {
  if (op === 'FusedGelu') return geluBy(attributes as OperatorAttributes<'FusedGelu'>);
  if (op === 'Relu') return { kind: algorithm.relu, alpha: 0, beta: 0 };
  if (op === 'Sqrt') return { kind: algorithm.squareRoot, alpha: 0, beta: 0 };
  if (op !== 'Clip') return undefined;
  const [, low, high] = inputs;
  const [alpha, beta] = [boundOf(low, -largest), boundOf(high, largest)];
  return alpha === undefined || beta === undefined ? undefined : { kind: algorithm.clip, alpha, beta };
}

/** Gelu by the error function or by tanh. */
export const geluBy = ({ approximate }: OperatorAttributes<'FusedGelu'>): Activation => ({
  kind: approximate === 'tanh' ? algorithm.geluByTanh : algorithm.gelu,
  alpha: 0,
  beta: 0,
});

/** A product with a number, or a quotient by one, that is known beforehand, as a function of each element. */
export function scalingOf({ op, inputs: [a, b] }: OperatorNode): Activation | undefined {
  const [left, right] = [numberOf(a), numberOf(b)];
  if (op === 'Mul') return linear(left ?? right);
  return op === 'Div' && right !== undefined ? linear(1 / right) : undefined;
}

const linear = (factor: number | undefined): Activation | undefined =>
  factor === undefined ? undefined : { kind: algorithm.linear, alpha: factor, beta: 0 };

/** The one number of a constant. */
function numberOf(value: Value | undefined): number | undefined {
  const known = constantOf(value);
  return known?.type === 'float32' && known.data.length === 1 ? known.data[0] : undefined;
}

/** The activation whose gradient a node is, if that is a Clip between bounds that are known beforehand. */
export function clipBehind({ inputs }: OperatorNode): Activation | undefined {
  const [, x, y] = inputs;
  const clip = producerOf(y!);
  return clip?.kind === 'operator' && clip.op === 'Clip' && clip.inputs[0] === x ? activationOf(clip) : undefined;
}

function boundOf(bound: Value | undefined, open: number): number | undefined {
  if (bound === undefined) return open;
  const known = constantOf(bound);
  return known?.type === 'float32' ? known.data[0] : undefined;
}
