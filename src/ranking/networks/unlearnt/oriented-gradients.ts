import type { Value } from '../../../graph/builder/graph.ts';
import {
  add,
  averagePool,
  cast,
  concat,
  conv,
  div,
  equal,
  flatten,
  l2Normalize,
  lengthOf,
  min,
  mul,
  reduceMax,
  reduceSum,
  relu,
  slice,
  sqrt,
} from '../../../graph/builder/operations.ts';
import { type Tensor, tensor } from '../../../graph/tensor/tensor.ts';
import { tooSmall } from '../too-small.ts';

/** Ranges of direction over 180 degrees. */
export const orientations = 9;
/** Cells along the shorter side of a picture. */
export const cellsAcross = 8;
/** Cells of a block, along a side. */
const blockSize = 3;
/** The least side of a picture, in pixels: a cell of two. */
export const smallestContourSide = 2 * cellsAcross;

const epsilon = 1e-6;
const clipAt = 0.2;

/**
 * Histograms of oriented gradients, as nodes of a graph: nothing in them is learnt.
 *
 * The gradient at a pixel is the difference of its neighbours, 0 at the border, of the channel where it is longest (the mean
 * of equals). It counts in each of nine directions u, 20 degrees apart, with `max(0, |<u, g>| - cos(20°) |g|) / (1 - cos(20°))`:
 * in one that it has, with its length; 20 degrees off, with nothing. Cells have an eighth of the shorter side; they are
 * averaged by 2 x 2, one cell apart and half beyond the border, so that a contour may move a little. Blocks of 3 x 3 of these are taken at every place,
 * and each is normalised by L2-Hys: to unit length, clipped at 0.2, to unit length again. Pixels that make no whole cell are
 * left out.
 *
 * Shapes: image [N, C, H, W], values in 0..1, to [N, (rows - 1) (columns - 1) 81] of unit length, rows and columns being the
 * cells: 3,969 numbers for 64 x 64. A picture of one colour gives zeros.
 * Source: Dalal and Triggs 2005; `hog` in `src/images` is their own form, with larger blocks of smaller cells it ranks better.
 *
 * @throws if a side is below 16 pixels.
 */
export function orientedGradients(image: Value): Value {
  const [channels, height, width] = [1, 2, 3].map((axis) => lengthOf(image, axis));
  if (Math.min(height, width) < smallestContourSide) {
    throw tooSmall(
      `histograms of oriented gradients need pictures of at least ${smallestContourSide} pixels a side, got ${width} x ${height}: use larger pictures, or leave choices.hog out`,
      smallestContourSide,
      Math.min(height, width),
    );
  }
  const along = constant(image, [channels, 1, 3, 3], (_, __, y, x) => (y === 1 ? x - 1 : 0));
  const down = constant(image, [channels, 1, 3, 3], (_, __, y, x) => (x === 1 ? y - 1 : 0));
  const [dx, dy] = [along, down].map((weight) => conv(image, weight, undefined, { group: channels }));
  const squared = add(mul(dx, dx), mul(dy, dy));
  const longest = reduceMax(squared, [1], true);
  const chosen = cast(equal(squared, longest), image.type);
  const ties = reduceSum(chosen, [1], true);
  const ofChosen = (difference: Value) => div(reduceSum(mul(difference, chosen), [1], true), ties);
  const gradient = concat([ofChosen(dx), ofChosen(dy), sqrt(longest)], 1);
  const lengths = relu(conv(gradient, directions(image), undefined));
  return l2Normalize(flatten(blocks(cells(lengths, Math.floor(Math.min(height, width) / cellsAcross)))));
}

/** How many numbers a picture's histograms are. */
export function contourLength(height: number, width: number): number {
  const side = Math.floor(Math.min(height, width) / cellsAcross);
  const [rows, columns] = [Math.floor(height / side), Math.floor(width / side)];
  return (rows - 1) * (columns - 1) * orientations * blockSize ** 2;
}

/** Weights [2 * orientations, 3, 1, 1]: both senses of every direction, less what the length costs. */
function directions(like: Value): Value {
  const edge = Math.cos(Math.PI / orientations);
  return constant(like, [2 * orientations, 3, 1, 1], (sense, part) => {
    const angle = (sense * Math.PI) / orientations;
    return [Math.cos(angle), Math.sin(angle), -edge][part] / (1 - edge);
  });
}

/** Mean lengths in overlapping cells, both senses of a direction together: [N, 18, H - 2, W - 2] to [N, 9, rows + 1, columns + 1]. */
function cells(lengths: Value, side: number): Value {
  const single = averagePool(lengths, {
    kernelShape: [side, side],
    strides: [side, side],
    // The border, where the gradient is 0.
    pads: [1, 1, 1, 1],
    countIncludePad: 1,
  });
  const sense = (start: number) => slice(single, [{ axis: 1, start, end: start + orientations }]);
  return averagePool(add(sense(0), sense(orientations)), {
    kernelShape: [2, 2],
    strides: [1, 1],
    pads: [1, 1, 1, 1],
    countIncludePad: 1,
  });
}

/** Blocks at every place, each normalised by L2-Hys: [N, 9, h, w] to [N, 81, h - 2, w - 2]. */
function blocks(histograms: Value): Value {
  // The elements of a block become channels by a convolution whose every filter has a single one.
  const gathered = constant(
    histograms,
    [orientations * blockSize ** 2, orientations, blockSize, blockSize],
    (...at) => {
      const [element, bin, y, x] = at;
      return element === (y * blockSize + x) * orientations + bin ? 1 : 0;
    },
  );
  const block = conv(histograms, gathered, undefined);
  return unitLength(min(unitLength(block), clipAt));
}

function unitLength(block: Value): Value {
  return div(block, sqrt(add(reduceSum(mul(block, block), [1], true), epsilon)));
}

/** A constant of four axes, element by element. */
function constant(
  like: Value,
  [n, c, h, w]: readonly number[],
  element: (n: number, c: number, h: number, w: number) => number,
): Value {
  const whole = tensor(like.type as 'float32' | 'float64', [n, c, h, w]);
  for (let index = 0; index < whole.data.length; index++) {
    const [row, x] = [Math.floor(index / w), index % w];
    whole.data[index] = element(Math.floor(row / (c * h)), Math.floor(row / h) % c, row % h, x);
  }
  return like.graph.constant(whole as Tensor, 'oriented_gradients');
}
