import { bindFilter } from '../filters/bind-filter.ts';
import { matchesFilter } from '../filters/matches-filter.ts';
import { keptMetadata, type MetadataField } from '../metadata/metadata.ts';
import type { ImageFilter, StoredImage } from './vector-store.ts';

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

/** What an image filter lets through, of a store with these fields. @throws UsageError if it does not go with them. */
export function imageFilter(
  { prefix = '', only, except = [], where }: ImageFilter,
  fields: readonly MetadataField[],
): (image: StoredImage) => boolean {
  const bound = where === undefined ? undefined : bindFilter(where, fields);
  const left = new Set(except);
  const chosen = only === undefined ? undefined : new Set(only);
  return (image) =>
    image.id.startsWith(prefix) &&
    (chosen === undefined || chosen.has(image.id)) &&
    !left.has(image.id) &&
    (bound === undefined || matchesFilter(bound, image));
}
