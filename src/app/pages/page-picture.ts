import type { ImageSource } from '../../pictures/datasets/dataset.ts';
import { decodeImage } from '../../pictures/decoding/decode-image.ts';
import { fitWithin, type Sides } from '../../pictures/decoding/fit-within.ts';
import type { PictureDecoder } from '../../pictures/decoding/picture-decoder.ts';
import { resizeTriangle } from '../../pictures/preparation/resize.ts';
import type { ReportPicture } from '../html/picture-png.ts';
import { smallPicture } from '../html/small-picture.ts';

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
