import { mapBounded } from '../../../foundation/concurrency/bounded-concurrency.ts';
import type { ImageSource } from '../../../pictures/datasets/dataset.ts';
import type { PictureDecoder } from '../../../pictures/decoding/picture-decoder.ts';
import { UnreadableImageError } from '../../../pictures/decoding/unreadable-image-error.ts';
import { fileLink } from '../../pages/file-link.ts';
import { pagePicture } from '../../pages/page-picture.ts';
import type { PictureTile } from '../../pages/picture-tiles.ts';

/** Pixels a side that a picture on a page has at most. */
const box = { width: 320, height: 320 };

/** A picture on a page, with its name and what is written below it. */
export interface TileOptions {
  readonly name: string;
  /** Undefined of an image that is no file of its own and whose pixels are not at hand. */
  readonly source: ImageSource | undefined;
  /** The page that it goes into. */
  readonly page: string;
  readonly caption: string;
  readonly note?: string | undefined;
  /** Decodes the pictures of the page, within the limits of the command. */
  readonly decoder: PictureDecoder;
}

/** An image as a tile of a page; of one that can no longer be read the name alone. */
export async function pageTile({ name, source, page, caption, note, decoder }: TileOptions): Promise<PictureTile> {
  const told = { name, caption, note };
  if (source === undefined) return { ...told, picture: undefined, link: undefined };
  const picture = await pagePicture(name, source, box, decoder).catch((error: unknown) => {
    if (error instanceof UnreadableImageError) return undefined;
    throw error;
  });
  const link = source.kind === 'file' && picture !== undefined ? fileLink(source.path, page) : undefined;
  return { ...told, picture, link };
}

/** The page that pictures go into, and who decodes them. */
export type PageOfTiles = Pick<TileOptions, 'page' | 'decoder'>;

/** Images as tiles of a page, a few at a time. */
export const pageTiles = (
  images: readonly Omit<TileOptions, keyof PageOfTiles>[],
  on: PageOfTiles,
): Promise<PictureTile[]> => mapBounded(images, 4, (image) => pageTile({ ...image, ...on }));

/** The file of an image of a store as the source of its tile; undefined of one that is no file. */
export const tileSource = (path: string | undefined): ImageSource | undefined =>
  path === undefined ? undefined : { kind: 'file', path };
