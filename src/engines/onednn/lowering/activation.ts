import type { OperatorNode, Value } from '../../../graph/builder/graph.ts';
import { constantOf, producerOf } from '../../../graph/builder/value.ts';
import { algorithm } from '../library/constants.ts';

/** A function of each element, as oneDNN has it: an algorithm with two numbers. */
export interface Activation {
  readonly kind: number;
  readonly alpha: number;
  readonly beta: number;
}

const largest = 3.4028234663852886e38;

/** The activation that a node is: ReLU, a square root, or Clip between bounds that are known beforehand; undefined of any other. */
export function activationOf({ op, inputs }: OperatorNode): Activation | undefined {
  if (op === 'Relu') return { kind: algorithm.relu, alpha: 0, beta: 0 };
  if (op === 'Sqrt') return { kind: algorithm.squareRoot, alpha: 0, beta: 0 };
  if (op !== 'Clip') return undefined;
  const [, low, high] = inputs;
  const [alpha, beta] = [boundOf(low, -largest), boundOf(high, largest)];
  return alpha === undefined || beta === undefined ? undefined : { kind: algorithm.clip, alpha, beta };
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
