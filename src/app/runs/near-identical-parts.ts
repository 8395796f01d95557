import type { ImagePlace } from '../../pictures/datasets/image-place.ts';
import { nearIdenticalPairs } from '../../pictures/inspection/near-identical.ts';
import { thumbnailOf } from '../../pictures/inspection/thumbnails.ts';
import type { PixelCache } from '../../pictures/preparation/pixel-cache.ts';
import type { TrainingData } from '../../training/data/training-data.ts';
import type { NearlyIdentical } from '../../training/doctor/pictures/leakage.ts';

/** Images of more than this are not compared: the time grows faster than their number. */
const mostImages = 20_000;

/** Some images of a cache. */
export interface CachedPart {
  readonly pixels: PixelCache;
  readonly places: readonly ImagePlace[];
}

/**
 * Judged images that look nearly like one that is trained on, see `nearIdenticalPairs`: by thumbnails of the prepared pixels.
 * Empty where there are more than 20,000 images together.
 */
export async function nearIdenticalParts(trained: CachedPart, judged: CachedPart): Promise<NearlyIdentical[]> {
  const count = trained.places.length;
  if (judged.places.length === 0 || count + judged.places.length > mostImages) return [];
  // Trained ones first: of equal thumbnails the first stands for all.
  const pairs = nearIdenticalPairs([...(await thumbnails(trained)), ...(await thumbnails(judged))]);
  const twins = new Map<number, number>();
  for (const { a, b } of pairs) if (a < count && b >= count && !twins.has(b)) twins.set(b, a);
  for (const { a, b, difference } of pairs) {
    const twin = twins.get(a);
    if (difference === 0 && a >= count && twin !== undefined) twins.set(b, twin);
  }
  return [...twins].map(([one, twin]) => ({ judged: judged.places[one - count], trained: trained.places[twin] }));
}

/** The same for the pictures of a run; empty where they are not all in memory, for decoding them again takes long. */
export async function nearHeldOut({ pixels, train, heldOut }: TrainingData): Promise<NearlyIdentical[]> {
  if (pixels.remembered < train.length + heldOut.length) return [];
  return nearIdenticalParts({ pixels, places: train }, { pixels, places: heldOut });
}

async function thumbnails({ pixels, places }: CachedPart): Promise<Uint8Array[]> {
  const { width, height } = pixels.rule;
  const made: Uint8Array[] = [];
  for (const place of places) {
    const [data] = await pixels.load([place]);
    made.push(thumbnailOf({ width, height, data }));
  }
  return made;
}
