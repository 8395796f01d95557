import { GraphError } from '../../foundation/errors/graph-error.ts';
import type { Value } from '../builder/graph.ts';
import { mul, reshape, scalar } from '../builder/operations.ts';
import type { OperatorAttributes } from '../operators/operator.ts';
import { type SpatialAttributes, spatialAttributes } from '../shape-inference/spatial.ts';
import { isFloating, newElementArray } from '../tensor/element-type.ts';
import { sizeOf, staticShape } from '../tensor/shape.ts';
import { type Tensor, tensor } from '../tensor/tensor.ts';
import { spreadWindows } from './spread-windows.ts';

/**
 * Spreads each element of `dY`, divided by the number of elements its window averaged, over the window: a transposed
 * convolution of every plane by itself with a kernel of ones.
 *
 * Shapes: dY [N, C, ...windows]; the result is the image's, [N, C, ...lengths].
 */
export function averagePoolGradient(dY: Value, attributes: OperatorAttributes<'AveragePoolGradient'>): Value {
  const [batch, channels, ...lengths] = attributes.imageShape;
  const counts = staticShape(dY.shape, 'the gradient of AveragePool').slice(2);
  const spatial = spatialAttributes(attributes, lengths.length);
  const divisors = lengths.map((length, axis) =>
    windowSizes(length, counts[axis], spatial, axis, attributes.countIncludePad === 1),
  );
  const planes = reshape(mul(dY, reciprocalProducts(dY, divisors)), [batch * channels, 1, ...counts]);
  const spread = spreadWindows(planes, ones(dY, [1, 1, ...spatial.kernelShape]), spatial, lengths);
  return reshape(spread, [batch, channels, ...lengths]);
}

/** How many elements of an axis each window averages: those of the input, or of the input and its pads. */
function windowSizes(length: number, count: number, spatial: SpatialAttributes, axis: number, padsCount: boolean) {
  const { kernelShape, strides, dilations, padsBegin, padsEnd } = spatial;
  const [low, high] = padsCount ? [-padsBegin[axis], length + padsEnd[axis]] : [0, length];
  return Array.from({ length: count }, (_, window) => {
    const first = window * strides[axis] - padsBegin[axis];
    const places = Array.from({ length: kernelShape[axis] }, (_, offset) => first + offset * dilations[axis]);
    return places.filter((place) => place >= low && place < high).length;
  });
}

/** 1 over the product of one number of each axis, for every combination: a constant of shape [lengths of the lists]. */
function reciprocalProducts(like: Value, lists: readonly (readonly number[])[]): Value {
  const shape = lists.map((list) => list.length);
  const products = lists.reduce<number[]>((done, list) => done.flatMap((a) => list.map((b) => a * b)), [1]);
  if (products.every((product) => product === products[0])) return scalar(like, 1 / products[0]);
  return filled(like, shape, (place) => 1 / products[place]);
}

const ones = (like: Value, shape: readonly number[]) => filled(like, shape, () => 1);

function filled(like: Value, shape: readonly number[], element: (place: number) => number): Value {
  if (!isFloating(like.type)) throw new GraphError(`the gradient of AveragePool cannot be ${like.type}`);
  const data = newElementArray(like.type, sizeOf(shape));
  for (let place = 0; place < data.length; place++) data[place] = element(place);
  return like.graph.constant(tensor(like.type, shape, data) as Tensor, 'window');
}
