import type { Tensor } from '../tensor/tensor.ts';
import type { Node, Value } from './graph.ts';

/** The tensor of a constant value, or undefined where the value is not a constant. */
export function constantOf(value: Value | undefined): Tensor | undefined {
  return value?.origin.kind === 'constant' ? value.origin.tensor : undefined;
}

/** The node that computes a value, or undefined for an input or a constant. */
export function producerOf(value: Value): Node | undefined {
  return value.origin.kind === 'node' ? value.origin.node : undefined;
}
