import { type OptionRules, optional, wholeNumber } from '../../foundation/arguments/argument-rule.ts';
import { checkOptions } from '../../foundation/arguments/check-options.ts';
import { UsageError } from '../../foundation/errors/usage-error.ts';
import { checkRgbImage } from '../decoding/check-rgb-image.ts';
import type { RgbImage } from '../decoding/rgb-image.ts';

/** The sizes that HOG counts in. */
export interface HogOptions {
  /** Bins over 180 degrees. Default: 9. */
  readonly orientations?: number;
  /** Both sides of a cell in pixels. Default: 8. */
  readonly cellSize?: number;
  /** Both sides of a block in cells. Default: 2. */
  readonly blockSize?: number;
}

const hogRules: OptionRules<HogOptions> = {
  orientations: optional(wholeNumber(1)),
  cellSize: optional(wholeNumber(1)),
  blockSize: optional(wholeNumber(1)),
};

const epsilon = 1e-5;
const clipAt = 0.2;

/**
 * Histograms of oriented gradients: the hand-made feature that a learnt one has to beat.
 *
 * The gradient at a pixel is the difference of its neighbours, 0 at the border, of the channel where it is longest (the
 * first of equals). A cell's histogram has the mean gradient length for each range of directions, directions being taken
 * modulo 180 degrees. Blocks of cells overlap by all but one cell; each is normalised by L2-Hys: to unit length, clipped
 * at 0.2, to unit length again. Cells that do not fit whole are left out.
 *
 * The result is row by row of blocks, within a block row by row of cells, within a cell bin by bin: for 64 x 64 and the
 * defaults 7 * 7 * 2 * 2 * 9 = 1764 numbers.
 *
 * Source: Dalal and Triggs 2005; `skimage.feature.hog` (0.19), to which it is equal but for rounding.
 *
 * @throws if the image has no room for a block.
 */
export function hog(image: RgbImage, options: HogOptions = {}): Float64Array {
  checkRgbImage(image, 'image');
  checkOptions(options, hogRules);
  const { orientations = 9, cellSize = 8, blockSize = 2 } = options;
  const rows = Math.floor(image.height / cellSize);
  const columns = Math.floor(image.width / cellSize);
  if (rows < blockSize || columns < blockSize) {
    throw new UsageError(
      `HOG needs an image of at least ${blockSize * cellSize} x ${blockSize * cellSize} pixels for its blocks, ` +
        `got ${image.width} x ${image.height}: use smaller cells`,
      { path: 'cellSize', expected: 'a smaller number', value: cellSize },
    );
  }
  const cells = cellHistograms(image, { rows, columns, cellSize, orientations });
  const blocks: Float64Array[] = [];
  for (let row = 0; row + blockSize <= rows; row++) {
    for (let column = 0; column + blockSize <= columns; column++) {
      const block = new Float64Array(blockSize * blockSize * orientations);
      for (let down = 0; down < blockSize; down++) {
        const start = ((row + down) * columns + column) * orientations;
        block.set(cells.subarray(start, start + blockSize * orientations), down * blockSize * orientations);
      }
      blocks.push(normalizeBlock(block));
    }
  }
  const feature = new Float64Array(blocks.length * blocks[0].length);
  for (const [index, block] of blocks.entries()) feature.set(block, index * block.length);
  return feature;
}

interface Cells {
  readonly rows: number;
  readonly columns: number;
  readonly cellSize: number;
  readonly orientations: number;
}

function cellHistograms({ width, height, data }: RgbImage, cells: Cells): Float64Array {
  const { rows, columns, cellSize, orientations } = cells;
  const histograms = new Float64Array(rows * columns * orientations);
  const stride = width * 3;
  for (let y = 0; y < rows * cellSize; y++) {
    for (let x = 0; x < columns * cellSize; x++) {
      const place = y * stride + x * 3;
      let longest = -1;
      let across = 0;
      let down = 0;
      for (let channel = place; channel < place + 3; channel++) {
        const dx = x === 0 || x === width - 1 ? 0 : data[channel + 3] - data[channel - 3];
        const dy = y === 0 || y === height - 1 ? 0 : data[channel + stride] - data[channel - stride];
        const squared = dx * dx + dy * dy;
        if (squared > longest) {
          longest = squared;
          across = dx;
          down = dy;
        }
      }
      if (longest === 0) continue;
      const degrees = ((Math.atan2(down, across) * 180) / Math.PI + 180) % 180;
      const bin = Math.floor(degrees / (180 / orientations));
      const cell = Math.floor(y / cellSize) * columns + Math.floor(x / cellSize);
      histograms[cell * orientations + bin] += Math.sqrt(longest) / (cellSize * cellSize);
    }
  }
  return histograms;
}

function normalizeBlock(block: Float64Array): Float64Array {
  const unit = divide(block, length(block));
  const clipped = unit.map((value) => Math.min(value, clipAt));
  return divide(clipped, length(clipped));
}

function length(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, epsilon * epsilon));
}

function divide(values: Float64Array, by: number): Float64Array {
  return values.map((value) => value / by);
}
