import type { Value } from '../builder/graph.ts';
import { concat, conv, fusedMatMul, reduceSum, reshape, slice, transpose, unsqueeze } from '../builder/operations.ts';
import { sameShape, sizeOf } from '../tensor/shape.ts';
import type { ConvWeightForm } from './conv-weight-form.ts';
import { type ConvolutionGeometry, meetsEveryRow } from './convolution-geometry.ts';
import { endPads, tapFilters, tapsOf } from './taps.ts';

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
    case 'unfolded':
      return byUnfolding(operands);
    case 'batched-unfolded':
      return byBatchedUnfolding(operands);
    case 'split-unfolded':
      return bySplitUnfolding(operands);
    case 'transposed-conv':
      return byTransposedConv(operands);
  }
}

/** Products of [batch, groups, filters / groups, P] and [batch, groups, channels / groups, P] over P, one for each tap. */
function byTaps({ image, dResult, geometry }: Operands): Value {
  const { batch, groups } = geometry;
  const split = (x: Value) => reshape(x, [batch, groups, -1, positionsOf(geometry)]);
  const left = split(dResult);
  const products = tapsOf(image, geometry).map((tap) => {
    return reduceSum(fusedMatMul(left, split(tap), { transB: 1 }), [0]);
  });
  return joinTaps(products, geometry);
}

/** One product an image of [channels / groups taps, P] and [filters / groups, P] over P, then a sum over the batch. */
function byUnfolding(operands: Operands): Value {
  const { dResult, geometry } = operands;
  const split = (x: Value) => reshape(x, [geometry.batch, geometry.groups, -1, positionsOf(geometry)]);
  return filtersFirst(reduceSum(tallProduct(split(unfolded(operands)), split(dResult)), [0]), geometry);
}

/** One product of [channels / groups taps, batch P] and [filters / groups, batch P] over batch P. */
function byBatchedUnfolding(operands: Operands): Value {
  const { dResult, geometry } = operands;
  const { batch, groups } = geometry;
  const split = (x: Value) => reshape(transpose(x, channelsFirst(x)), [groups, -1, batch * positionsOf(geometry)]);
  return filtersFirst(tallProduct(split(unfolded(operands)), split(dResult)), geometry);
}

/**
 * One product an image of [channels / groups columns, P] and [filters / groups rows, P] over P, then a sum over the batch: the
 * image is unfolded over the places of the kernel along the last axis, and the gradient, the other way round, over those along
 * the axes before it. P are the padded image's rows times the result's columns. Where the kernel leaves out rows, `unfolded`.
 */
function bySplitUnfolding(operands: Operands): Value {
  const { image, dResult, geometry } = operands;
  const { batch, groups, channels, filters, kernelSize, dilations } = geometry;
  if (!meetsEveryRow(geometry)) return byUnfolding(operands);
  const last = kernelSize.length - 1;
  const rows = kernelSize.map((length, axis) => (axis < last ? length : 1));
  const columns = kernelSize.map((length, axis) => (axis < last ? 1 : length));
  const reach = rows.map((length, axis) => (length - 1) * dilations[axis]);
  const wide = windows(image, tapFilters(image, channels, columns), windowsOf(geometry));
  const everywhere = { strides: rows.map(() => 1), dilations, pads: [...reach, ...reach] };
  const tall = windows(dResult, tapFilters(dResult, filters, rows, true), everywhere);
  const split = (x: Value) => reshape(x, [batch, groups, -1, sizeOf(wide.shape.slice(2).map(Number))]);
  const product = reduceSum(tallProduct(split(wide), split(tall)), [0]);
  const parts = [groups, channels / groups, kernelSize[last], filters / groups, sizeOf(rows)];
  return reshape(transpose(reshape(product, parts), [0, 3, 1, 4, 2]), weightShape(geometry));
}

/**
 * Products of rows over their inner axis. The unfolded image comes first, for it has more rows than the gradient, and a
 * matrix product packs its second operand anew.
 */
const tallProduct = (unfoldedRows: Value, dResultRows: Value): Value =>
  fusedMatMul(unfoldedRows, dResultRows, { transB: 1 });

/** [groups, channels / groups taps, filters / groups] to the weights' shape. */
const filtersFirst = (product: Value, geometry: ConvolutionGeometry): Value =>
  reshape(transpose(product, [0, 2, 1]), weightShape(geometry));

/** What each filter saw at each position, [batch, channels taps, ...resultSize]. */
function unfolded({ image, geometry }: Operands): Value {
  return windows(image, tapFilters(image, geometry.channels, geometry.kernelSize), windowsOf(geometry));
}

/** Where windows are. */
interface Windows {
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly pads: readonly number[];
}

const windowsOf = (geometry: ConvolutionGeometry): Windows => ({
  strides: geometry.strides,
  dilations: geometry.dilations,
  pads: [...geometry.padsBegin, ...endPads(geometry)],
});

/**
 * The places of each window, each channel for itself. Unfolding is a convolution: one filter for each channel and tap, that
 * takes the one and leaves the others.
 */
function windows(x: Value, filters: Value, where: Windows): Value {
  return conv(x, filters, undefined, {
    ...where,
    kernelShape: filters.shape.slice(2).map(Number),
    group: Number(x.shape[1]),
  });
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
