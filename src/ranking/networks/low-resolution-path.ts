import type { Value } from '../../graph/builder/graph.ts';
import { averagePool, flatten, l2Normalize, lengthOf, relu } from '../../graph/builder/operations.ts';
import { convolution, maxPooling, samePadding, type Window } from './layers.ts';
import type { NetworkScope } from './network-scope.ts';
import type { PathGeometry } from './path-geometry.ts';
import { tooSmall } from './too-small.ts';

/** Mean-pools of one picture, by factor. A larger one is made of a smaller one where both meet the picture's sides evenly. */
export type MeanPools = (factor: number) => Value;

/** The mean-pools of a picture [N, C, H, W], each made once; factor 1 is the picture. */
export function meanPools(image: Value): MeanPools {
  const made = new Map([[1, image]]);
  const even = (factor: number) => [2, 3].every((axis) => lengthOf(image, axis) % factor === 0);
  return (factor) => {
    const known = made.get(factor);
    if (known !== undefined) return known;
    const steps = [...made.keys()].filter((step) => factor % step === 0 && even(factor));
    const step = Math.max(1, ...steps);
    const pooled = meanPool(made.get(step)!, factor / step);
    made.set(factor, pooled);
    return pooled;
  };
}

/**
 * A low-resolution path of the multi-scale network: it sees little and forgives little, where the ConvNet sees much and
 * forgives much. Mean-pool (rounding up), convolution and max-pool padded SAME, flatten, unit length.
 *
 * Shapes: pools of an image [N, 3, H, W] to [N, filters h w].
 * Source: Wang et al. 2014, section 4 and figure 3; strided form: Zingade's Keras code.
 *
 * @throws if the convolution would leave a single place, which no max-pool can choose from; the message names the smallest
 * legal picture.
 */
export function lowResolutionPath(scope: NetworkScope, name: string, pools: MeanPools, geometry: PathGeometry): Value {
  const { subsample, kernel, stride } = geometry;
  const smallest = subsample * stride + 1;
  const [height, width] = [lengthOf(pools(1), 2), lengthOf(pools(1), 3)];
  if (Math.min(height, width) < smallest) {
    throw tooSmall(
      `low-resolution path '${name}' would shrink a picture of ${width} x ${height} to one place: both sides need at least ${smallest} pixels. Use larger pictures, other paths, or none`,
      smallest,
      Math.min(height, width),
    );
  }
  let x = pools(subsample);
  x = convolution(
    scope,
    name,
    x,
    geometry.filters,
    { size: kernel, stride, pad: padding(x, kernel, stride, geometry) },
    { bias: true },
  );
  if (geometry.relu) x = relu(x);
  const { size, stride: poolStride } = geometry.pool;
  x = maxPooling(x, { size, stride: poolStride, pad: padding(x, size, poolStride, geometry) });
  return l2Normalize(flatten(x));
}

function meanPool(image: Value, factor: number): Value {
  return averagePool(image, {
    kernelShape: [factor, factor],
    strides: [factor, factor],
    pads: [0, 0, 0, 0],
    ceilMode: 1,
    countIncludePad: 0,
  });
}

function padding(x: Value, size: number, stride: number, geometry: PathGeometry): Window['pad'] {
  const same = samePadding(lengthOf(x, 2), lengthOf(x, 3), size, stride);
  if (!geometry.symmetric || typeof same === 'number') return same;
  const even = ([, after]: readonly [number, number]): readonly [number, number] => [after, after];
  return { height: even(same.height), width: even(same.width) };
}
