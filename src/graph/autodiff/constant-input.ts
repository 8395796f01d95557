import { GraphError } from '../../foundation/errors/graph-error.ts';
import type { Value } from '../builder/graph.ts';
import { constantOf } from '../builder/value.ts';
import { toNumbers } from '../tensor/tensor.ts';

/**
 * The elements of an input that a gradient rule has to know: axes, pads, a size.
 *
 * @throws if it is not a constant; `name` is what the operator calls it.
 */
export function constantNumbers(value: Value, name: string): number[] {
  const tensor = constantOf(value);
  if (tensor !== undefined) return toNumbers(tensor);
  throw new GraphError(`its input '${name}' ('${value.name}') is computed when the graph runs; give it as a constant`);
}

/** As `constantNumbers`, but undefined where the input is left out. */
export function optionalConstantNumbers(value: Value | undefined, name: string): number[] | undefined {
  return value && constantNumbers(value, name);
}
