import { pathOf, readSource } from '../../../../catalogue/mirror/catalogue-source.ts';
import type { StoredImage, VectorStore } from '../../../../catalogue/stores/vector-store.ts';
import { PictureDecoder } from '../../../../pictures/decoding/picture-decoder.ts';
import type { PartialPictureLimits } from '../../../../pictures/decoding/picture-limits.ts';
import type { PictureTile } from '../../../pages/picture-tiles.ts';
import { pageTiles, tileSource } from './page-tiles.ts';

/** Makes tiles of images of a store, each with what is written below it. */
export type StoredTiles = (
  images: readonly StoredImage[],
  captionOf: (image: StoredImage, place: number) => string,
) => Promise<PictureTile[]>;

/** Tiles of images of a store, for the page that they go into; pictures are decoded within the limits of the command. */
export async function storedTiles(
  store: VectorStore,
  page: string,
  limits: PartialPictureLimits,
): Promise<StoredTiles> {
  const decoder = new PictureDecoder(limits);
  const source = await readSource(store);
  return (images, captionOf) =>
    pageTiles(
      images.map((image, place) => ({
        name: image.id,
        source: tileSource(pathOf(source, image)),
        caption: captionOf(image, place),
      })),
      { page, decoder },
    );
}
