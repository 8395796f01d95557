import type { PicturePart } from '../../pictures/decoding/picture-part.ts';
import type { RgbImage } from '../../pictures/decoding/rgb-image.ts';

/**
 * Copies of a picture, in each of which some parts are covered with the mean colour of its border.
 *
 * @param coverings what is covered in each copy.
 * @returns the copies one after the other, `height * width * 3` bytes each.
 */
export function coveredPictures(picture: RgbImage, coverings: readonly (readonly PicturePart[])[]): Uint8Array {
  const { width, data } = picture;
  const colour = borderColour(picture);
  const all = new Uint8Array(coverings.length * data.length);
  for (const [place, parts] of coverings.entries()) {
    const copy = all.subarray(place * data.length, (place + 1) * data.length);
    copy.set(data);
    for (const part of parts) {
      for (let y = part.y; y < part.y + part.height; y++) {
        for (let x = part.x; x < part.x + part.width; x++) copy.set(colour, (y * width + x) * 3);
      }
    }
  }
  return all;
}

/**
 * What covering each of some parts, one at a time, takes from the likeness of a picture to another one: the cosine as it is, less
 * that with the part covered.
 *
 * @param other the embedding of the other picture.
 * @param embed prepared pictures, one after the other, to rows of unit length.
 */
export async function lossesByCovering(
  picture: RgbImage,
  parts: readonly PicturePart[],
  other: Float32Array,
  embed: (pixels: Uint8Array) => Promise<Float32Array>,
): Promise<number[]> {
  const rows = await embed(coveredPictures(picture, [[], ...parts.map((part) => [part])]));
  const cosine = (at: number) =>
    other.reduce((sum, value, column) => sum + value * rows[at * other.length + column], 0);
  const whole = cosine(0);
  return parts.map((_, at) => whole - cosine(at + 1));
}

/** The mean colour of the outermost pixels: of most drawings, the ground. */
export function borderColour({ width, height, data }: RgbImage): number[] {
  const sum = [0, 0, 0];
  let pixels = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (x > 0 && y > 0 && x < width - 1 && y < height - 1) continue;
      for (let channel = 0; channel < 3; channel++) sum[channel] += data[(y * width + x) * 3 + channel];
      pixels++;
    }
  }
  return sum.map((value) => Math.round(value / pixels));
}
