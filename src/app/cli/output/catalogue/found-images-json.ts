import { metadataJson } from '../../../../catalogue/metadata/metadata.ts';
import type { JudgedImage } from './found-images-table.ts';

/** Images that were found as a JSON document has them. */
export function foundImagesJson(found: readonly JudgedImage[]) {
  return found.map(({ alike, metadata, ...one }) => ({
    ...one,
    ...(metadata === undefined ? {} : { metadata: metadataJson(metadata) }),
    ...(alike === undefined ? {} : { alike: { ...alike } }),
  }));
}
