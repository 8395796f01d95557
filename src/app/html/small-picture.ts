import { encodeWebp } from '../../pictures/decoding/encode-webp.ts';
import type { RgbImage } from '../../pictures/decoding/rgb-image.ts';
import { picturePng, type ReportPicture } from './picture-png.ts';

/** Length of the longest data URI that a PNG may have. */
const longest = 8192;

/**
 * A picture for a page in few bytes: as a PNG, pixel by pixel, where that is at most 8 KiB of the page, as it is for drawings;
 * else as a WebP with loss, if that is smaller.
 */
export async function smallPicture(name: string, image: RgbImage): Promise<ReportPicture> {
  const png = await picturePng(name, image);
  if (png.uri.length <= longest) return png;
  const uri = `data:image/webp;base64,${(await encodeWebp(image)).toString('base64')}`;
  return uri.length < png.uri.length ? { ...png, uri } : png;
}
