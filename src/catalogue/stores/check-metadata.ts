import { keptMetadata } from '../metadata/metadata.ts';
import type { StoredImage } from './vector-store.ts';

/** Images as a store keeps them, their metadata checked. @throws UsageError if some are no metadata. */
export function keptImages<Image extends StoredImage>(images: readonly Image[]): Image[] {
  return images.map((image) => {
    const { metadata: given, addedFrom, ...rest } = image;
    const metadata = keptMetadata(given, `the image '${image.id}'`);
    const kept = {
      ...rest,
      ...(metadata === undefined ? {} : { metadata }),
      ...(addedFrom === undefined ? {} : { addedFrom }),
    };
    return kept as Image;
  });
}
