import { EngineError } from '../foundation/errors/engine-error.ts';
import type { ElementType } from '../graph/tensor/element-type.ts';
import { formatShape, type Shape } from '../graph/tensor/shape.ts';

/** Name, type and shape of an input or output of a program. */
export interface GraphInput {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: Shape;
}

/**
 * Compares what a program is fed with the inputs it has. What is fed beyond them is passed over, for a program drops inputs
 * that its outputs do not need.
 *
 * @throws if an input is missing, or of another type or shape, naming the program and the input.
 */
export function checkFeeds(
  program: string,
  inputs: readonly GraphInput[],
  feeds: Readonly<Record<string, { readonly type: ElementType; readonly shape: readonly number[] }>>,
): void {
  for (const { name, type, shape } of inputs) {
    const feed = feeds[name];
    if (feed === undefined) {
      throw new EngineError(
        `program '${program}' needs its input '${name}' (${type}${formatShape(shape)}); it was not fed`,
      );
    }
    const fits =
      feed.shape.length === shape.length && shape.every((d, axis) => typeof d === 'string' || d === feed.shape[axis]);
    if (feed.type !== type || !fits) {
      throw new EngineError(
        `program '${program}' wants ${type}${formatShape(shape)} for its input '${name}', got ${feed.type}${formatShape(feed.shape)}`,
      );
    }
  }
}
