import { decodeImage } from '../../pictures/decoding/decode-image.ts';
import type { Sides } from '../../pictures/decoding/fit-within.ts';
import { PictureDecoder } from '../../pictures/decoding/picture-decoder.ts';
import type { PartialPictureLimits } from '../../pictures/decoding/picture-limits.ts';
import type { RgbImage } from '../../pictures/decoding/rgb-image.ts';
import { pathOf, readSource } from '../mirror/catalogue-source.ts';
import type { StoredImage, VectorStore } from '../stores/vector-store.ts';
import { type PictureSketch, sketchOfPicture } from './picture-sketch.ts';

/** The pictures of a store's images, from their files. */
export interface StoredPictures extends AsyncDisposable {
  /** Where an image is, if it is a file. */
  pathOf(image: StoredImage): string | undefined;
  /** Undefined where there is no such file, or it cannot be decoded. */
  decoded(image: StoredImage): Promise<RgbImage | undefined>;
  /** The sides of an image's picture, which is decoded only if it was not before; undefined where it cannot be. */
  sidesOf(image: StoredImage): Promise<Sides | undefined>;
  /** The small picture that the store keeps of an image; undefined where it keeps none. */
  small(image: StoredImage): Promise<RgbImage | undefined>;
  /** The sketch of an image's picture, or of the small one; undefined where there is neither. */
  sketchOf(image: StoredImage): Promise<PictureSketch | undefined>;
  /** Images that no sketch could be made of. */
  readonly unseen: number;
}

/** The pictures of a store. */
export async function storedPictures(store: VectorStore, limits: PartialPictureLimits): Promise<StoredPictures> {
  const source = await readSource(store);
  const thumbnails = await store.thumbnails();
  const decoder = new PictureDecoder(limits);
  const placeOf = (image: StoredImage) => pathOf(source, image);
  const sides = new Map<string, Sides | undefined>();
  const decoded = async (image: StoredImage) => {
    const path = placeOf(image);
    const picture =
      path === undefined ? undefined : await decodeImage({ kind: 'file', path }, { decoder }).catch(() => undefined);
    sides.set(image.id, picture && { width: picture.width, height: picture.height });
    return picture;
  };
  const small = async (image: StoredImage) => {
    const webp = await thumbnails?.read(image.contentHash);
    return webp === undefined ? undefined : decodeImage(webp, { decoder });
  };
  let unseen = 0;
  return {
    pathOf: placeOf,
    decoded,
    sidesOf: async (image) => (sides.has(image.id) ? sides.get(image.id) : decoded(image)),
    small,
    sketchOf: async (image) => {
      const picture = (await decoded(image)) ?? (await small(image));
      if (picture === undefined) unseen++;
      return picture === undefined ? undefined : sketchOfPicture(picture);
    },
    get unseen() {
      return unseen;
    },
    [Symbol.asyncDispose]: async () => thumbnails?.[Symbol.asyncDispose](),
  };
}
