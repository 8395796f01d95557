import { sameShape, staticShape } from '../tensor/shape.ts';
import type { Value } from './graph.ts';
import { expand, reshape, scalar } from './operations.ts';

/**
 * `x` broadcast to the shape of `like`.
 *
 * @throws if a length of `like` that `x` lacks is only a name.
 */
export function expandLike(x: Value, like: Value): Value {
  return sameShape(x.shape, like.shape) ? x : expand(x, staticShape(like.shape, `a gradient of '${like.name}'`));
}

/**
 * The elements of `x` in the shape of `like`.
 *
 * @throws if more than one length of `like` is only a name.
 */
export function reshapeLike(x: Value, like: Value): Value {
  if (sameShape(x.shape, like.shape)) return x;
  const names = like.shape.filter((length) => typeof length === 'string');
  if (names.length > 1) staticShape(like.shape, `a gradient of '${like.name}'`);
  return reshape(
    x,
    like.shape.map((length) => (typeof length === 'string' ? -1 : length)),
  );
}

/** A value of the type and shape of `like`, each element `element`. */
export function filledLike(like: Value, element: number): Value {
  return expandLike(scalar(like, element), like);
}
