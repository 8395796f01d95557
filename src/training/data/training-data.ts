import { createHash } from 'node:crypto';
import { DatasetError } from '../../foundation/errors/dataset-error.ts';
import type { LongWork } from '../../foundation/progress/progress.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { sampleWithoutReplacement } from '../../foundation/random/shuffle.ts';
import type { ImageDataset } from '../../pictures/datasets/dataset.ts';
import { type ImagePlace, imagePlace } from '../../pictures/datasets/image-place.ts';
import type { PartialPictureLimits } from '../../pictures/decoding/picture-limits.ts';
import { contentGroups, nearIdenticalPairs } from '../../pictures/inspection/near-identical.ts';
import { thumbnailOf } from '../../pictures/inspection/thumbnails.ts';
import type { DiskPixels } from '../../pictures/preparation/disk-pixels.ts';
import { PixelCache, type PixelCacheOptions, type UnreadableImage } from '../../pictures/preparation/pixel-cache.ts';
import type { EmbedByModel } from '../../ranking/relevance/define-relevance.ts';
import { loadRelevance, relevanceFileHash } from '../../ranking/relevance/load-relevance.ts';
import { ImagesByClass } from '../../ranking/triplets/images-by-class.ts';
import type { SamplerSettings } from '../../ranking/triplets/samplers/define-sampler.ts';
import { type SamplerTable, samplerTable } from '../../ranking/triplets/samplers/sampler-table.ts';
import type { Triplet } from '../../ranking/triplets/triplet.ts';
import { TripletList } from '../../ranking/triplets/triplet-list.ts';
import { tripletPlaces } from '../../ranking/triplets/triplet-places.ts';
import type { TrainingConfig } from '../configuration/training-config.ts';
import type { BatchMaterial } from './batch-source.ts';
import type { FeatureTable } from './feature-table.ts';
import { chooseHeldOut } from './held-out.ts';
import { withoutLeaks } from './without-leaks.ts';

/** The pictures of a run. Places are indexes into the dataset's images. */
export interface TrainingData {
  readonly pixels: PixelCache;
  /** Places of the images trained on; samplers count images by their number in this list. */
  readonly train: readonly ImagePlace[];
  /** Places of the images kept from training. */
  readonly heldOut: readonly ImagePlace[];
  /** Images that would be held out, but look the same as a trained one or nearly so; 0 unless that was asked for. */
  readonly movedToTraining: number;
  /** Triplets kept from training, as places; empty unless triplets were listed. */
  readonly heldOutTriplets: readonly Triplet<ImagePlace>[];
  /** Class of each place, -1 for none. */
  readonly labels: Int32Array;
  readonly material: BatchMaterial;
  readonly unreadable: readonly UnreadableImage[];
  /** Readable images of no class, which are left out; 0 where triplets were listed. */
  readonly withoutClass: number;
  /** Images that give negatives only: alone in their class, or the rest of it looks the same. */
  readonly negativesOnly: number;
  /** Listed triplets that are left out: an image cannot be read, or query and positive look the same. */
  readonly tripletsLeftOut: number;
  /** Of names, classes, prepared pixels, listed triplets and the file that relevance comes from: two runs with one hash saw the same data. */
  readonly hash: string;
  /** SHA-1 of the prepared pixels of each readable place: places that share one look the same. */
  readonly digests: ReadonlyMap<ImagePlace, string>;
  /** What a frozen trunk makes of each readable place, where that is computed before training. */
  readonly features?: FeatureTable;
}

/** What a run's data needs from outside. */
export interface DataOptions extends LongWork {
  /** Threads that read, decode and resize pictures, within the same limits. Default: this thread does. */
  readonly preparation?: PixelCacheOptions['preparation'];
  /** Embeds images by a model file; needed where relevance is by a model. */
  readonly embedByModel?: EmbedByModel | undefined;
  /** Has the configuration's sampler. Default: every sampler that there is. */
  readonly samplers?: SamplerTable | undefined;
  /** Triplets that somebody listed, as places; without them triplets come from classes. */
  readonly triplets?: readonly Triplet[] | undefined;
  /** Bytes of prepared pixels to remember. Default: 1 GiB. */
  readonly cacheBytes?: number;
  /** Remembers on disk the pixels for which memory has no room; it stays open. Default: they are decoded each time. */
  readonly disk?: DiskPixels | undefined;
  /** Limits of a picture; one beyond them is unreadable. */
  readonly pictureLimits?: PartialPictureLimits | undefined;
}

/** What is known of every run's pictures before they are divided. */
interface Looked {
  /** Places of the images that can be read. */
  readonly readable: readonly ImagePlace[];
  readonly labels: Int32Array;
  /** SHA-1 of the prepared pixels of each readable place. */
  readonly digests: ReadonlyMap<ImagePlace, string>;
  /** Thumbnails of the readable places, where copies are to be found; see `nearIdenticalPairs`. */
  readonly thumbnails: ReadonlyMap<ImagePlace, Uint8Array>;
}

/**
 * Looks at every image once: which can be read, which are alike to the last pixel; then keeps the held-out share apart.
 *
 * @throws if nothing can be trained on what is left.
 */
export async function prepareData(
  dataset: ImageDataset,
  config: Pick<TrainingConfig, 'preprocessing' | 'heldOut' | 'seed' | 'sampler'>,
  options: DataOptions = {},
): Promise<TrainingData> {
  const pixels = new PixelCache(dataset, config.preprocessing, {
    ...(options.cacheBytes === undefined ? {} : { budgetBytes: options.cacheBytes }),
    ...(options.disk === undefined ? {} : { disk: options.disk }),
    limits: options.pictureLimits,
    preparation: options.preparation,
  });
  const digests = new Map<ImagePlace, string>();
  const thumbnails = new Map<ImagePlace, Uint8Array>();
  const leakProof = config.heldOut.leakProof === true && config.heldOut.share > 0;
  const { width, height } = config.preprocessing;
  const readable = await pixels.scan(options, (place, data) => {
    digests.set(place, createHash('sha1').update(data).digest('hex'));
    if (leakProof) thumbnails.set(place, thumbnailOf({ width, height, data }));
  });
  if (readable.length === 0) refuseUnreadable(dataset, pixels.unreadable);
  const labels = Int32Array.from(dataset.images, (image) => image.label ?? -1);
  const looked = { readable, labels, digests, thumbnails };
  const random = RandomSource.fromSeed(config.seed, 'held out');
  const parts =
    options.triplets === undefined
      ? classParts(dataset, looked, config, random)
      : listedParts(dataset, options.triplets.map(placed), looked, config, random);
  const hash = hashOf(dataset, looked, options.triplets ?? []);
  const data = { pixels, labels, unreadable: pixels.unreadable, hash, digests, ...parts };
  return config.sampler === undefined
    ? data
    : withSampler(data, dataset, { ...config, sampler: config.sampler }, options);
}

/** The data with what triplets are drawn by; its hash is also of the file that relevance comes from, if there is one. */
async function withSampler(
  data: TrainingData,
  dataset: ImageDataset,
  { sampler: settings, seed }: { readonly sampler: SamplerSettings; readonly seed: number },
  { samplers = samplerTable, embedByModel }: DataOptions,
): Promise<TrainingData> {
  const { material, pixels } = data;
  const sampler = samplers.of(settings);
  if (material.kind === 'listed') {
    throw new DatasetError(`${sampler.name} sampling draws triplets, and these are listed already`);
  }
  const wanted = sampler.relevanceOf(settings);
  if (wanted === undefined)
    return {
      ...data,
      material: { ...material, sampler: sampler.prepare(settings, { images: material.images, relevance: undefined }) },
    };
  const fileHash = await relevanceFileHash(wanted.relevance);
  const images = { dataset, places: data.train, twins: numberGroups(data.train, data.digests) };
  const { categoryLevels } = wanted;
  const relevance = await loadRelevance(wanted.relevance, images, { categoryLevels, seed, pixels, embedByModel });
  const hash = fileHash === '' ? data.hash : createHash('sha256').update(data.hash).update(fileHash).digest('hex');
  const prepared = sampler.prepare(settings, { images: material.images, relevance });
  return { ...data, hash, material: { ...material, sampler: prepared, relevance } };
}

function refuseUnreadable({ root, images }: ImageDataset, [first]: readonly UnreadableImage[]): never {
  const why = first === undefined ? '' : `; the first, '${first.id}': ${first.reason}`;
  throw new DatasetError(`none of the ${images.length} images in '${root}' can be read${why}`);
}

const placed = ({ query, positive, negative }: Triplet): Triplet<ImagePlace> => ({
  query: imagePlace(query),
  positive: imagePlace(positive),
  negative: imagePlace(negative),
});

type Parts = Omit<TrainingData, 'pixels' | 'labels' | 'unreadable' | 'hash' | 'digests'>;

function classParts(
  dataset: ImageDataset,
  { readable, labels, digests, thumbnails }: Looked,
  { heldOut }: Pick<TrainingConfig, 'heldOut'>,
  random: RandomSource,
): Parts {
  const labelled = readable.filter((place) => labels[place] >= 0);
  const chosen = chooseHeldOut(labelled, labels, digests, heldOut, random);
  const { heldOut: kept, moved } =
    heldOut.leakProof === true
      ? withoutLeaks(labelled, chosen, labels, groupsOf(labelled, thumbnails), heldOut.by)
      : { heldOut: chosen, moved: [] };
  const held = new Set(kept);
  const train = labelled.filter((place) => !held.has(place));
  const groups = numberGroups(train, digests);
  const images = new ImagesByClass(
    train.map((place) => labels[place]),
    (image) => groups[image],
  );
  images.requireTriplets(`training on '${dataset.root}'`);
  return {
    train,
    heldOut: labelled.filter((place) => held.has(place)),
    movedToTraining: moved.length,
    heldOutTriplets: [],
    material: { kind: 'classes', images },
    withoutClass: readable.length - labelled.length,
    negativesOnly: train.length - images.queries.length,
    tripletsLeftOut: 0,
  };
}

function listedParts(
  dataset: ImageDataset,
  triplets: readonly Triplet<ImagePlace>[],
  { digests }: Looked,
  { heldOut }: Pick<TrainingConfig, 'heldOut'>,
  random: RandomSource,
): Parts {
  const usable = triplets.filter(
    ({ query, positive, negative }) =>
      digests.has(query) &&
      digests.has(positive) &&
      digests.has(negative) &&
      digests.get(query) !== digests.get(positive),
  );
  if (usable.length === 0) {
    throw new DatasetError(
      `none of the ${triplets.length} triplets in '${dataset.root}' can be learnt from: an image of each cannot be read, or its query and positive look the same; check the paths in the file`,
    );
  }
  const queries = [...new Set(usable.map((triplet) => triplet.query))];
  const held = new Set(sampleWithoutReplacement(queries, Math.floor(heldOut.share * queries.length), random));
  const learnt = usable.filter((triplet) => !held.has(triplet.query));
  const train = tripletPlaces(learnt).sort((a, b) => a - b);
  const number = new Map(train.map((place, index) => [place, index]));
  const numbered = learnt.map(({ query, positive, negative }) => ({
    query: number.get(query)!,
    positive: number.get(positive)!,
    negative: number.get(negative)!,
  }));
  return {
    train,
    heldOut: [],
    movedToTraining: 0,
    heldOutTriplets: usable.filter((triplet) => held.has(triplet.query)),
    material: { kind: 'listed', triplets: TripletList.from(numbered) },
    withoutClass: 0,
    negativesOnly: 0,
    tripletsLeftOut: triplets.length - usable.length,
  };
}

/** A number for each place that those share which look the same or nearly so. */
function groupsOf(places: readonly number[], thumbnails: ReadonlyMap<number, Uint8Array>): Map<number, number> {
  const groups = contentGroups(places.length, nearIdenticalPairs(places.map((place) => thumbnails.get(place))));
  return new Map(places.map((place, index) => [place, groups[index]]));
}

/** A number for each image that those share which look the same. */
function numberGroups(places: readonly number[], digests: ReadonlyMap<number, string>): number[] {
  const first = new Map<string, number>();
  return places.map((place, image) => {
    const digest = digests.get(place)!;
    if (!first.has(digest)) first.set(digest, image);
    return first.get(digest)!;
  });
}

function hashOf(
  { images, classes }: ImageDataset,
  { readable, digests }: Looked,
  triplets: readonly Triplet[],
): string {
  const hash = createHash('sha256');
  for (const place of readable) {
    const { id, label } = images[place];
    hash.update(`${JSON.stringify([id, label === undefined ? null : classes[label], digests.get(place)])}\n`);
  }
  for (const { query, positive, negative } of triplets) {
    hash.update(`${JSON.stringify([images[query].id, images[positive].id, images[negative].id])}\n`);
  }
  return hash.digest('hex');
}
