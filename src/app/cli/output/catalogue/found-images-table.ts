import type { FoundImage } from '../../../../catalogue/mirror/search-images.ts';
import type { AlikeShare } from '../../../../evaluation/calibration/share-alike.ts';
import { percent } from '../../../../foundation/text/percent.ts';
import { textTable } from '../../../../foundation/text/text-table.ts';

/** An image that was found, and what the model's calibration says of its distance. */
export interface JudgedImage extends FoundImage {
  readonly alike: AlikeShare | undefined;
}

/**
 * What was found for a query as lines: rank, distance, share of alike pairs and verdict where a model is calibrated, name.
 *
 * @param first how many nearer ones were left out. Default: 0.
 */
export function foundImagesTable(found: readonly JudgedImage[], first = 0): string[] {
  const rows = found.map(({ id, distance, alike }, place) => [
    `${first + place + 1}`,
    distance.toFixed(4),
    ...(alike === undefined ? [] : [percent(alike.natural), alike.verdict]),
    id,
  ]);
  const calibrated = found[0]?.alike !== undefined;
  return textTable(rows, calibrated ? ['right', 'right', 'right', 'left', 'left'] : ['right', 'right', 'left']);
}
