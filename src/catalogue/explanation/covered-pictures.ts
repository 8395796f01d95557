import type { RgbImage } from '../../pictures/decoding/rgb-image.ts';

/** A part of a picture, in pixels. */
export interface PicturePart {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

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
