import type { ImageSource } from '../datasets/dataset.ts';
import { decodeImage } from '../images/decode-image.ts';
import { fitWithin, type Sides } from '../images/fit-within.ts';
import type { PictureDecoder } from '../images/picture-decoder.ts';
import { resizeTriangle } from '../images/resize.ts';
import type { ReportPicture } from './picture-png.ts';
import { smallPicture } from './small-picture.ts';

/**
 * An image as a picture for a page: in its own shape, as large as fits into a box, never enlarged.
 *
 * @param decoder decodes it; who shows many pictures keeps one.
 * @throws UnreadableImageError if it cannot be decoded.
 */
export async function pagePicture(
  name: string,
  source: ImageSource,
  box: Sides,
  decoder?: PictureDecoder,
): Promise<ReportPicture> {
  const image = await decodeImage(source, { target: box, decoder });
  const { width, height } = fitWithin(image, box);
  return smallPicture(name, resizeTriangle(image, width, height));
}
