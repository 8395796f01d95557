import { pathOf, readSource } from '../../../../catalogue/mirror/catalogue-source.ts';
import type { StoredImage, VectorStore } from '../../../../catalogue/stores/vector-store.ts';
import { PictureDecoder } from '../../../../pictures/decoding/picture-decoder.ts';
import type { PartialPictureLimits } from '../../../../pictures/decoding/picture-limits.ts';
import type { PictureTile } from '../../../pages/picture-tiles.ts';
import { pageTiles, tileSource } from './page-tiles.ts';

/** Makes tiles of images of a store. */
export interface StoredTiles extends AsyncDisposable {
  /** A tile of each image, with what is written below it; of one whose file is gone with the small picture that the store keeps. */
  of(images: readonly StoredImage[], captionOf: (image: StoredImage, place: number) => string): Promise<PictureTile[]>;
}

/** Tiles of images of a store, for the page that they go into; pictures are decoded within the limits of the command. */
export async function storedTiles(
  store: VectorStore,
  page: string,
  limits: PartialPictureLimits,
): Promise<StoredTiles> {
  const decoder = new PictureDecoder(limits);
  const source = await readSource(store);
  const thumbnails = await store.thumbnails();
  return {
    of: (images, captionOf) =>
      pageTiles(
        images.map((image, place) => ({
          name: image.id,
          source: tileSource(pathOf(source, image)),
          kept: async () => thumbnails?.read(image.contentHash),
          caption: captionOf(image, place),
        })),
        { page, decoder },
      ),
    [Symbol.asyncDispose]: async () => thumbnails?.[Symbol.asyncDispose](),
  };
}
