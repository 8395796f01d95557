import { EngineError } from '../foundation/errors/engine-error.ts';
import { sameShape } from '../graph/tensor/shape.ts';
import type { Tensor } from '../graph/tensor/tensor.ts';

/** What a held tensor has in this thread's memory. */
type Elements = { set(values: ArrayLike<unknown>): void };

/**
 * Overwrites the elements of a held tensor.
 *
 * @throws EngineError if what is written has another type or shape.
 */
export function writeHeld({ type, shape }: Pick<Tensor, 'type' | 'shape'>, elements: unknown, given: Tensor): void {
  if (given.type !== type || !sameShape(given.shape, shape)) {
    throw new EngineError(
      `a held ${type} tensor of shape [${shape}] cannot take a ${given.type} tensor of shape [${given.shape}]`,
    );
  }
  (elements as Elements).set(given.data);
}

/** What is thrown where an engine is given a tensor that another one holds. */
export function heldElsewhere(name: string): EngineError {
  return new EngineError(`'${name}' is a tensor held by another engine: read it there and feed what it returns`);
}
