import type { PicturePart } from '../../pictures/decoding/picture-part.ts';
import type { RgbImage } from '../../pictures/decoding/rgb-image.ts';
import { lossesByCovering } from './covered-pictures.ts';
import { addedHeat, type HeatMap } from './heat-map.ts';

/** Places along a side of a picture. */
const side = 7;
/** How often a picture is covered, and by what share of its sides. */
const coverings = 64;
const [smallest, largest] = [0.2, 0.5];
/** What keeps the heat of places small of which the coverings say little. */
const penalty = 1;

/**
 * Heat by covering: how much each of 7 x 7 places adds to the likeness of two pictures.
 *
 * The picture is embedded 64 times with a rectangle of it covered, whose middle is anywhere in it and whose sides are a fifth to a half
 * of its, spread evenly (Halton's sequence), so that they are the same for every picture. Heat w is what says best by the share z of
 * each place that was covered how much likeness l was lost: `argmin_w |Z w - l|^2 + |w|^2`, ridge regression.
 *
 * Source: Ribeiro et al. 2016 (LIME); Petsiuk et al. 2018 (RISE); Halton 1960.
 *
 * @param picture as it enters the network.
 * @param other the embedding of the other picture.
 * @param embed prepared pictures, one after the other, to rows of unit length.
 */
export async function coveringHeat(
  picture: RgbImage,
  other: Float32Array,
  embed: (pixels: Uint8Array) => Promise<Float32Array>,
): Promise<HeatMap> {
  const parts = Array.from({ length: coverings }, (_, at) => covering(picture, at + 1));
  const losses = await lossesByCovering(picture, parts, other, embed);
  const places = Array.from({ length: side * side }, (_, at) => placeOf(picture, at));
  const data = Float32Array.from(
    ridge(
      parts.map((part) => places.map((place) => shareCovered(place, part))),
      losses,
    ),
  );
  return addedHeat([{ width: side, height: side, data }], picture.width, picture.height);
}

/** The rectangle of a number from 1 on, as far as it lies in the picture. */
function covering(picture: RgbImage, at: number): PicturePart {
  const along = (length: number, middle: number, share: number) => {
    const half = (length * (smallest + (largest - smallest) * share)) / 2;
    const first = Math.max(0, Math.round(length * middle - half));
    return [first, Math.max(1, Math.min(length, Math.round(length * middle + half)) - first)];
  };
  const [x, width] = along(picture.width, mirrored(at, 2), mirrored(at, 5));
  const [y, height] = along(picture.height, mirrored(at, 3), mirrored(at, 7));
  return { x, y, width, height };
}

/** The digits of a number mirrored at the point, between 0 and 1: of 6 in base 2, which is 110, 0.011. */
function mirrored(value: number, base: number): number {
  let [share, digit] = [0, 1 / base];
  for (let left = value; left > 0; left = Math.floor(left / base)) {
    share += digit * (left % base);
    digit /= base;
  }
  return share;
}

/** The pixels of a place. */
function placeOf({ width, height }: RgbImage, at: number): PicturePart {
  const edge = (length: number, place: number) => Math.round((length * place) / side);
  const [column, row] = [at % side, Math.floor(at / side)];
  const [x, y] = [edge(width, column), edge(height, row)];
  return { x, y, width: edge(width, column + 1) - x, height: edge(height, row + 1) - y };
}

/** The share of a place that is covered; 0 of one without pixels. */
function shareCovered(place: PicturePart, part: PicturePart): number {
  const common = (from: number, length: number, other: number, otherLength: number) =>
    Math.max(0, Math.min(from + length, other + otherLength) - Math.max(from, other));
  const area = common(place.x, place.width, part.x, part.width) * common(place.y, place.height, part.y, part.height);
  return area === 0 ? 0 : area / (place.width * place.height);
}

/** `argmin_w |Z w - l|^2 + penalty |w|^2`, by conjugate gradients (Hestenes and Stiefel 1952). @param rows of Z. */
function ridge(rows: readonly (readonly number[])[], losses: readonly number[]): number[] {
  const back = (values: readonly number[]) =>
    rows[0].map((_, place) =>
      dot(
        rows.map((row) => row[place]),
        values,
      ),
    );
  let solution = rows[0].map(() => 0);
  let residual = back(losses);
  let direction = residual;
  let square = dot(residual, residual);
  const enough = 1e-20 * square;
  // In exact numbers it ends after as many steps as there are unknowns.
  for (let step = 0; step < solution.length && square > enough; step++) {
    const pushed = back(rows.map((row) => dot(row, direction))).map((value, at) => value + penalty * direction[at]);
    const length = square / dot(direction, pushed);
    solution = solution.map((value, at) => value + length * direction[at]);
    residual = residual.map((value, at) => value - length * pushed[at]);
    const before = square;
    square = dot(residual, residual);
    direction = residual.map((value, at) => value + (square / before) * direction[at]);
  }
  return solution;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, at) => sum + value * b[at], 0);
}
