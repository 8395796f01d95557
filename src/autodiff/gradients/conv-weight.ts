import {
  concat,
  conv,
  fusedMatMul,
  pad,
  reduceSum,
  reshape,
  slice,
  transpose,
  unsqueeze,
} from '../../graph/operations.ts';
import type { Value } from '../../graph/value.ts';
import { sameShape, sizeOf } from '../../tensor/shape.ts';
import type { ConvWeightForm } from '../conv-weight-form.ts';
import type { ConvolutionGeometry } from '../convolution-geometry.ts';

/** The parts of a convolution's weight gradient: `image` as it was convolved and the gradient by the result. */
interface Operands {
  readonly image: Value;
  readonly dResult: Value;
  readonly geometry: ConvolutionGeometry;
}

/**
 * Gradient by the weights of a convolution, in the form asked for:
 *
 *     dW[m, c, k] = sum over n, p of dResult[n, m, p] image[n, c, p stride + k dilation - pad]
 *
 * Shapes: image [batch, channels, ...size], dResult [batch, filters, ...resultSize]; the result is
 * [filters, channels / groups, ...kernelSize].
 */
export function convWeightGradient(form: ConvWeightForm, operands: Operands): Value {
  switch (form) {
    case 'taps':
      return byTaps(operands);
    case 'batched-taps':
      return byBatchedTaps(operands);
    case 'gathered-taps':
      return byGatheredTaps(operands);
    case 'transposed-conv':
      return byTransposedConv(operands);
  }
}

/** Products of [batch, groups, filters / groups, P] and [batch, groups, channels / groups, P] over P, one for each tap. */
function byTaps({ image, dResult, geometry }: Operands): Value {
  const { batch, groups } = geometry;
  const split = (x: Value) => reshape(x, [batch, groups, -1, positionsOf(geometry)]);
  const left = split(dResult);
  const products = tapsOf(image, geometry, 2).map((tap) => {
    return reduceSum(fusedMatMul(left, split(tap), { transB: 1 }), [0]);
  });
  return joinTaps(products, geometry);
}

/** Products of [groups, filters / groups, batch P] and [groups, channels / groups, batch P] over batch P. */
function byBatchedTaps({ image, dResult, geometry }: Operands): Value {
  const { batch, groups } = geometry;
  const split = (x: Value) => reshape(x, [groups, -1, batch * positionsOf(geometry)]);
  const left = split(transpose(dResult, channelsFirst(dResult)));
  const taps = tapsOf(transpose(image, channelsFirst(image)), geometry, 2);
  return joinTaps(
    taps.map((tap) => fusedMatMul(left, split(tap), { transB: 1 })),
    geometry,
  );
}

/** One product of [batch, groups, filters / groups, P] and [batch, groups, taps channels / groups, P] over P. */
function byGatheredTaps({ image, dResult, geometry }: Operands): Value {
  const { batch, groups, filters, channels, kernelSize } = geometry;
  const split = (x: Value) => reshape(x, [batch, groups, -1, positionsOf(geometry)]);
  const gathered = concat(tapsOf(image, geometry, 2).map(split), 2);
  const product = reduceSum(fusedMatMul(split(dResult), gathered, { transB: 1 }), [0]);
  const byTap = reshape(product, [filters, sizeOf(kernelSize), channels / groups]);
  return reshape(transpose(byTap, [0, 2, 1]), weightShape(geometry));
}

/**
 * Convolution of the image as [channels / groups, groups batch, ...size] with the gradient as a kernel
 * [filters, batch, ...resultSize] in as many groups: strides become dilations and dilations strides.
 */
function byTransposedConv({ image, dResult, geometry }: Operands): Value {
  const { batch, channels, groups, size, resultSize, strides, dilations, padsBegin } = geometry;
  const grouped = reshape(image, [batch, groups, channels / groups, ...size]);
  const spatial = size.map((_, axis) => axis + 3);
  const input = reshape(transpose(grouped, [2, 1, 0, ...spatial]), [channels / groups, groups * batch, ...size]);
  const result = conv(input, transpose(dResult, channelsFirst(dResult)), undefined, {
    kernelShape: resultSize,
    strides: dilations,
    dilations: strides,
    pads: [...padsBegin, ...endPads(geometry)],
    group: groups,
  });
  const kernel = geometry.kernelSize.map((length, axis) => ({ axis: axis + 2, start: 0, end: length }));
  const cropped = sameShape(result.shape.slice(2), geometry.kernelSize) ? result : slice(result, kernel);
  return transpose(cropped, channelsFirst(cropped));
}

/** The parts of the image that each place of the kernel saw, in row-major order of places: `size` becomes `resultSize`. */
function tapsOf(image: Value, geometry: ConvolutionGeometry, firstSpatial: number): Value[] {
  const { kernelSize, resultSize, strides, dilations, padsBegin } = geometry;
  const none = new Array<number>(firstSpatial).fill(0);
  const padded = pad(image, [...none, ...padsBegin, ...none, ...endPads(geometry)]);
  return placesOf(kernelSize).map((place) => {
    const ranges = place.map((offset, axis) => {
      const start = offset * dilations[axis];
      const end = start + (resultSize[axis] - 1) * strides[axis] + 1;
      return { axis: axis + firstSpatial, start, end, step: strides[axis] };
    });
    const whole = ranges.every(({ axis, start, end, step }) => start === 0 && step === 1 && end === padded.shape[axis]);
    return whole ? padded : slice(padded, ranges);
  });
}

/** Zeros behind the image that some window reads: less than the pads if a stride skips the last ones. */
function endPads({ size, resultSize, kernelSize, strides, dilations, padsBegin }: ConvolutionGeometry): number[] {
  return size.map((length, axis) => {
    const read = (resultSize[axis] - 1) * strides[axis] + (kernelSize[axis] - 1) * dilations[axis] + 1;
    return Math.max(0, read - padsBegin[axis] - length);
  });
}

/** Every place of a kernel in row-major order. */
function placesOf(kernelSize: readonly number[]): number[][] {
  return kernelSize.reduce<number[][]>(
    (places, length) => places.flatMap((place) => Array.from({ length }, (_, offset) => [...place, offset])),
    [[]],
  );
}

/** One product [groups, filters / groups, channels / groups] a tap, put together as the weights are. */
function joinTaps(products: readonly Value[], geometry: ConvolutionGeometry): Value {
  return reshape(
    concat(
      products.map((product) => unsqueeze(product, [3])),
      3,
    ),
    weightShape(geometry),
  );
}

const weightShape = ({ filters, channels, groups, kernelSize }: ConvolutionGeometry) => [
  filters,
  channels / groups,
  ...kernelSize,
];

const positionsOf = ({ resultSize }: ConvolutionGeometry) => sizeOf(resultSize);

/** The permutation that exchanges batch and channels. */
const channelsFirst = (x: Value) => [1, 0, ...x.shape.slice(2).map((_, axis) => axis + 2)];
