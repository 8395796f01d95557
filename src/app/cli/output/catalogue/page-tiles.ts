import { Buffer } from 'node:buffer';
import { mapBounded } from '../../../../foundation/concurrency/bounded-concurrency.ts';
import type { ImageSource } from '../../../../pictures/datasets/dataset.ts';
import { fitWithin } from '../../../../pictures/decoding/fit-within.ts';
import type { PictureDecoder } from '../../../../pictures/decoding/picture-decoder.ts';
import type { RgbImage } from '../../../../pictures/decoding/rgb-image.ts';
import { UnreadableImageError } from '../../../../pictures/decoding/unreadable-image-error.ts';
import { resizeTriangle } from '../../../../pictures/preparation/resize.ts';
import { fileLink } from '../../../pages/file-link.ts';
import { pagePicture } from '../../../pages/page-picture.ts';
import type { PictureTile } from '../../../pages/picture-tiles.ts';

/** Pixels a side that a picture on a page has at most. */
export const tileBox = { width: 320, height: 320 };

/** A picture on a page, with its name and what is written below it. */
export interface TileOptions {
  readonly name: string;
  /** Undefined of an image that is no file of its own and whose pixels are not at hand. */
  readonly source: ImageSource | undefined;
  /** The file that the picture leads to, where `source` is its pixels. Default: that of `source`. */
  readonly file?: string | undefined;
  /** The small picture that a store keeps, for where the source is not there or cannot be read. */
  readonly kept?: (() => Promise<Uint8Array | undefined>) | undefined;
  /** The page that it goes into. */
  readonly page: string;
  readonly caption: string;
  readonly note?: string | undefined;
  /** Decodes the pictures of the page, within the limits of the command. */
  readonly decoder: PictureDecoder;
}

/** An image as a tile of a page; of one that can no longer be read the name alone. */
export async function pageTile({
  name,
  source,
  file,
  kept,
  page,
  caption,
  note,
  decoder,
}: TileOptions): Promise<PictureTile> {
  const told = { name, caption, note };
  const own = source === undefined ? undefined : await pictureOf(name, source, decoder);
  const path = file ?? (source?.kind === 'file' ? source.path : undefined);
  const link = path !== undefined && own !== undefined ? fileLink(path, page) : undefined;
  const small = own === undefined ? await kept?.() : undefined;
  const picture = small === undefined ? own : await pictureOf(name, await pixelsOf(small, decoder), decoder);
  return { ...told, picture, link };
}

async function pictureOf(name: string, source: ImageSource, decoder: PictureDecoder) {
  return pagePicture(name, source, tileBox, decoder).catch((error: unknown) => {
    if (error instanceof UnreadableImageError) return undefined;
    throw error;
  });
}

async function pixelsOf(webp: Uint8Array, decoder: PictureDecoder): Promise<ImageSource> {
  const { decodeImage } = await import('../../../../pictures/decoding/decode-image.ts');
  return { kind: 'pixels', channels: 3, ...(await decodeImage(Buffer.from(webp), { decoder })) };
}

/** The page that pictures go into, and who decodes them. */
export type PageOfTiles = Pick<TileOptions, 'page' | 'decoder'>;

/** Images as tiles of a page, a few at a time. */
export const pageTiles = (
  images: readonly Omit<TileOptions, keyof PageOfTiles>[],
  on: PageOfTiles,
): Promise<PictureTile[]> => mapBounded(images, 4, (image) => pageTile({ ...image, ...on }));

/** A decoded picture as the source of its tile: no larger than that. */
export function shrunkSource(picture: RgbImage): ImageSource {
  const { width, height } = fitWithin(picture, tileBox);
  return { kind: 'pixels', channels: 3, ...resizeTriangle(picture, width, height) };
}

/** The file of an image of a store as the source of its tile; undefined of one that is no file. */
export const tileSource = (path: string | undefined): ImageSource | undefined =>
  path === undefined ? undefined : { kind: 'file', path };
