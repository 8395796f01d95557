import type { RgbImage } from '../../../pictures/decoding/rgb-image.ts';
import { UnreadableImageError } from '../../../pictures/decoding/unreadable-image-error.ts';
import { straightPixels } from './straight-pixels.ts';

/** Rows of a picture that go through a canvas at a time: a picture of any height is no large canvas. */
const stripRows = 256;
/** Most pixels of a picture, as on the command line. */
const mostPixels = 2 ** 28;
/** Most pixels of a small picture's longer side. */
const thumbnailSide = 256;

/** Upright, in sRGB, transparency beside the colours. */
const settings = { imageOrientation: 'from-image', premultiplyAlpha: 'none' } as const;

/** A picture as the browser decoded it: upright, in sRGB. It has to be closed. */
export class BrowserPicture {
  private constructor(private readonly bitmap: ImageBitmap) {}

  /**
   * Decodes a picture of any format that the browser reads, by its own decoder: orientation obeyed, profiles turned into sRGB.
   *
   * @param name what messages call it.
   * @throws UnreadableImageError if the browser cannot read it, or if it is too large.
   */
  static async of(picture: Blob, name: string): Promise<BrowserPicture> {
    const bitmap = await createImageBitmap(picture, settings).catch((error: unknown) => {
      throw new UnreadableImageError(name, reasonOf(picture), error);
    });
    if (bitmap.width * bitmap.height <= mostPixels) return new BrowserPicture(bitmap);
    const size = `${bitmap.width} x ${bitmap.height}`;
    bitmap.close();
    throw new UnreadableImageError(name, `it has ${size} pixels, and at most ${mostPixels} are read; make it smaller`);
  }

  /** Its pixels. @param background what shows through transparent places, `#rrggbb`, as `decodeImage` has it. */
  pixels(background: string): RgbImage {
    const { width, height } = this.bitmap;
    const data = new Uint8Array(3 * width * height);
    const straight = this.#isOpaque() ? undefined : straightPixels(this.bitmap);
    if (straight !== undefined) {
      flatten(straight, data, background);
      return { width, height, data };
    }
    this.#strips((context, top, rows) => {
      context.fillStyle = background;
      context.fillRect(0, 0, width, rows);
      context.drawImage(this.bitmap, 0, top, width, rows, 0, 0, width, rows);
      copyColours(context.getImageData(0, 0, width, rows).data, data, 3 * width * top);
    });
    return { width, height, data };
  }

  /** A small picture of it, to be shown. */
  async thumbnail(): Promise<Blob> {
    const scale = Math.min(1, thumbnailSide / Math.max(this.bitmap.width, this.bitmap.height));
    const [width, height] = [this.bitmap.width, this.bitmap.height].map((side) =>
      Math.max(1, Math.round(side * scale)),
    );
    const context = contextOf(width, height, false);
    context.imageSmoothingQuality = 'high';
    context.drawImage(this.bitmap, 0, 0, width, height);
    return context.canvas.convertToBlob({ type: 'image/webp', quality: 0.8 });
  }

  /** Frees the memory of its pixels. */
  free(): void {
    this.bitmap.close();
  }

  #isOpaque(): boolean {
    const { width } = this.bitmap;
    let isOpaque = true;
    this.#strips((context, top, rows) => {
      if (!isOpaque) return;
      context.clearRect(0, 0, width, rows);
      context.drawImage(this.bitmap, 0, top, width, rows, 0, 0, width, rows);
      const { data } = context.getImageData(0, 0, width, rows);
      for (let alpha = 3; isOpaque && alpha < data.length; alpha += 4) isOpaque = data[alpha] === 255;
    });
    return isOpaque;
  }

  /** Goes through the picture from above, some rows at a time. */
  #strips(visit: (context: OffscreenCanvasRenderingContext2D, top: number, rows: number) => void): void {
    const { width, height } = this.bitmap;
    const context = contextOf(width, Math.min(height, stripRows), true);
    for (let top = 0; top < height; top += stripRows) visit(context, top, Math.min(stripRows, height - top));
  }
}

function contextOf(width: number, height: number, isRead: boolean): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: isRead });
  if (context === null) throw new UnreadableImageError('a picture', 'this browser has no canvas to read pixels from');
  return context;
}

/** Red, green and blue of pixels of four bytes. */
function copyColours(from: Uint8ClampedArray, to: Uint8Array, start: number): void {
  for (let pixel = 0, at = start; pixel < from.length; pixel += 4, at += 3) {
    to[at] = from[pixel];
    to[at + 1] = from[pixel + 1];
    to[at + 2] = from[pixel + 2];
  }
}

/** Composites pixels of four bytes on a colour, rounded down, as files are decoded in Node. */
function flatten(from: Uint8Array, to: Uint8Array, background: string): void {
  const behind = [1, 3, 5].map((at) => Number.parseInt(background.slice(at, at + 2), 16));
  for (let pixel = 0, at = 0; pixel < from.length; pixel += 4, at += 3) {
    const alpha = from[pixel + 3];
    for (let channel = 0; channel < 3; channel++) {
      to[at + channel] = (from[pixel + channel] * alpha + behind[channel] * (255 - alpha)) / 255;
    }
  }
}

function reasonOf({ size, type }: Blob): string {
  if (size === 0) return 'it is empty (0 bytes); give the whole image';
  if (type === 'image/svg+xml') return 'a page does not read SVG for this; save it as PNG';
  return 'it is not an image, of a format that this browser does not read, or damaged; save it as JPEG, PNG or WebP';
}
