import { encodePng } from '../../pictures/decoding/encode-png.ts';
import type { RgbImage } from '../../pictures/decoding/rgb-image.ts';

/** A picture that a page carries within itself. */
export interface ReportPicture {
  /** What it is called: the alternative for those who cannot see it. */
  readonly name: string;
  /** A PNG as a `data:` URI. */
  readonly uri: string;
  readonly width: number;
  readonly height: number;
}

/**
 * A picture for a page, as a PNG within a data URI, pixel by pixel as it is. A page shows pictures about 110 pixels wide:
 * give them at 128 to 256 pixels a side, for a page grows by a third more than their files have bytes.
 */
export async function picturePng(name: string, image: RgbImage): Promise<ReportPicture> {
  const png = await encodePng(image);
  return { name, uri: `data:image/png;base64,${png.toString('base64')}`, width: image.width, height: image.height };
}
