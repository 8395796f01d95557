import { createHash } from 'node:crypto';
import type { ImageDataset } from '../datasets/dataset.ts';
import { PixelCache, type UnreadableImage } from '../images/pixel-cache.ts';
import { RandomSource } from '../random/random-source.ts';
import { sampleWithoutReplacement } from '../random/shuffle.ts';
import { ImagesByClass } from '../triplets/images-by-class.ts';
import type { Triplet } from '../triplets/triplet.ts';
import { TripletList } from '../triplets/triplet-list.ts';
import type { BatchMaterial } from './batch-source.ts';
import type { TrainingConfig } from './training-config.ts';

/** The pictures of a run. Places are indexes into the dataset's images. */
export interface TrainingData {
  readonly pixels: PixelCache;
  /** Places of the images trained on; samplers count images by their number in this list. */
  readonly train: readonly number[];
  /** Places of the images kept from training. */
  readonly heldOut: readonly number[];
  /** Triplets kept from training, as places; empty unless triplets were listed. */
  readonly heldOutTriplets: readonly Triplet[];
  /** Class of each place, -1 for none. */
  readonly labels: Int32Array;
  readonly material: BatchMaterial;
  readonly unreadable: readonly UnreadableImage[];
  /** Images that give negatives only, being alone in their class. */
  readonly negativesOnly: number;
  /** Of names, classes and prepared pixels: two runs with one hash saw the same data. */
  readonly hash: string;
}

export interface DataOptions {
  /** Triplets that somebody listed, as places; without them triplets come from classes. */
  readonly triplets?: readonly Triplet[];
  /** Bytes of prepared pixels to remember. Default: 1 GiB. */
  readonly cacheBytes?: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Looks at every image once: which can be read, which are alike to the last pixel; then keeps the held-out share apart.
 *
 * @throws if nothing can be trained on what is left.
 */
export async function prepareData(
  dataset: ImageDataset,
  config: Pick<TrainingConfig, 'preprocessing' | 'heldOut' | 'seed'>,
  options: DataOptions = {},
): Promise<TrainingData> {
  const budget = options.cacheBytes === undefined ? {} : { budgetBytes: options.cacheBytes };
  const pixels = new PixelCache(dataset, config.preprocessing, budget);
  const readable = await pixels.scan(options.onProgress);
  const labels = Int32Array.from(dataset.images, (image) => image.label ?? -1);
  const digests = await digestPixels(pixels, readable);
  const random = RandomSource.fromSeed(config.seed, 'held out');
  const base = { pixels, labels, unreadable: pixels.unreadable, hash: hashOf(dataset, readable, digests) };
  if (options.triplets !== undefined) return { ...base, ...listedParts(options.triplets, readable, config, random) };
  const labelled = readable.filter((place) => labels[place] >= 0);
  const held = new Set(choosePlaces(labelled, labels, config.heldOut, random));
  const train = labelled.filter((place) => !held.has(place));
  const groups = numberGroups(train, digests);
  const images = new ImagesByClass(
    train.map((place) => labels[place]),
    (image) => groups[image],
  );
  images.requireTriplets(`training on '${dataset.root}'`);
  return {
    ...base,
    train,
    heldOut: labelled.filter((place) => held.has(place)),
    heldOutTriplets: [],
    material: { kind: 'classes', images },
    negativesOnly: train.length - images.queries.length,
  };
}

function listedParts(
  triplets: readonly Triplet[],
  readable: readonly number[],
  { heldOut }: Pick<TrainingConfig, 'heldOut'>,
  random: RandomSource,
) {
  const known = new Set(readable);
  const usable = triplets.filter((t) => known.has(t.query) && known.has(t.positive) && known.has(t.negative));
  if (usable.length === 0) {
    throw new Error(
      `none of the ${triplets.length} triplets has three readable images: see the report of unreadable images`,
    );
  }
  const queries = [...new Set(usable.map((triplet) => triplet.query))];
  const held = new Set(sampleWithoutReplacement(queries, Math.floor(heldOut.share * queries.length), random));
  const number = new Map(readable.map((place, index) => [place, index]));
  const listed = usable
    .filter((triplet) => !held.has(triplet.query))
    .map(({ query, positive, negative }) => ({
      query: number.get(query)!,
      positive: number.get(positive)!,
      negative: number.get(negative)!,
    }));
  return {
    train: readable,
    heldOut: [],
    heldOutTriplets: usable.filter((triplet) => held.has(triplet.query)),
    material: { kind: 'listed', triplets: TripletList.from(listed) } as const,
    negativesOnly: 0,
  };
}

/** The held-out places: whole classes, or images of each class that has enough. */
function choosePlaces(
  places: readonly number[],
  labels: Int32Array,
  { share, by }: TrainingConfig['heldOut'],
  random: RandomSource,
): number[] {
  if (share === 0) return [];
  const byLabel = new Map<number, number[]>();
  for (const place of places) byLabel.set(labels[place], [...(byLabel.get(labels[place]) ?? []), place]);
  if (by === 'image') {
    return [...byLabel.values()].flatMap((own) =>
      sampleWithoutReplacement(own, Math.min(own.length - 2, Math.round(share * own.length)), random),
    );
  }
  const chosen = sampleWithoutReplacement([...byLabel.keys()], Math.round(share * byLabel.size), random);
  return chosen.flatMap((label) => byLabel.get(label)!);
}

async function digestPixels(pixels: PixelCache, places: readonly number[]): Promise<Map<number, string>> {
  const digests = new Map<number, string>();
  for (let start = 0; start < places.length; start += 256) {
    const some = places.slice(start, start + 256);
    for (const [index, data] of (await pixels.load(some)).entries()) {
      digests.set(some[index], createHash('sha1').update(data).digest('hex'));
    }
  }
  return digests;
}

function numberGroups(places: readonly number[], digests: ReadonlyMap<number, string>): number[] {
  const first = new Map<string, number>();
  return places.map((place, image) => {
    const digest = digests.get(place)!;
    if (!first.has(digest)) first.set(digest, image);
    return first.get(digest)!;
  });
}

function hashOf(dataset: ImageDataset, places: readonly number[], digests: ReadonlyMap<number, string>): string {
  const hash = createHash('sha256');
  for (const place of places) {
    const { id, label } = dataset.images[place];
    hash.update(`${JSON.stringify([id, label === undefined ? null : dataset.classes[label], digests.get(place)])}\n`);
  }
  return hash.digest('hex');
}
