import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { type OptionRules, objectWith, optional } from '../../foundation/arguments/argument-rule.ts';
import { checkArgument, checkOptions } from '../../foundation/arguments/check-options.ts';
import { mapBounded } from '../../foundation/concurrency/bounded-concurrency.ts';
import { advance, type LongWork, longWorkRules } from '../../foundation/progress/progress.ts';
import type { DatasetLayout, ImageDataset, ImageRecord } from '../datasets/dataset.ts';
import { datasetRule } from '../datasets/dataset-rule.ts';
import type { PassedOver } from '../datasets/passed-over.ts';
import { decodeImage } from '../decoding/decode-image.ts';
import { PictureDecoder } from '../decoding/picture-decoder.ts';
import type { PartialPictureLimits } from '../decoding/picture-limits.ts';
import { readImageFile } from '../decoding/read-image-file.ts';
import { UnreadableImageError } from '../decoding/unreadable-image-error.ts';

/** What is in a dataset, as plain data for printing or JSON. */
export interface DatasetReport {
  readonly root: string;
  readonly layout: DatasetLayout;
  /** Images listed, readable or not. */
  readonly images: number;
  /** Classes with the number of their readable images, in the dataset's order. */
  readonly classes: readonly { readonly name: string; readonly images: number }[];
  /** Readable images of no class. */
  readonly unlabelled: number;
  /** Classes with exactly one readable image: it can only be a negative. */
  readonly singleImageClasses: readonly string[];
  /** Sizes of the readable images after turning them upright, in pixels; undefined if there are none. */
  readonly sizes: { readonly width: SizeRange; readonly height: SizeRange } | undefined;
  /** What was met in its folder and not looked into. */
  readonly passedOver: readonly PassedOver[];
  /** Of a dataset that comes divided: the part that this is, and the others that are there. */
  readonly division: ImageDataset['division'];
  /** Images that cannot be decoded. */
  readonly unreadable: readonly { readonly id: string; readonly reason: string }[];
  /** Groups of readable images with identical bytes, of one class (or of none). */
  readonly duplicatesWithinClasses: readonly DuplicateGroup[];
  /** Groups of readable images with identical bytes, of different classes: at least one label is wrong or ambiguous. */
  readonly duplicatesAcrossClasses: readonly DuplicateGroup[];
}

/** Smallest, middle and largest. Of an even number of images the median is the lower middle one. */
export interface SizeRange {
  readonly smallest: number;
  readonly median: number;
  readonly largest: number;
}

/** Images with identical bytes. */
export interface DuplicateGroup {
  /** In the dataset's order. */
  readonly ids: readonly string[];
  /** The different classes among them; an image of no class adds none. */
  readonly classes: readonly string[];
}

interface Inspected {
  readonly record: ImageRecord;
  readonly width: number;
  readonly height: number;
  /** SHA-1 of the file, or of the size and the pixels where the dataset carries them. */
  readonly hash: string;
}

/** How images are looked at, and who hears of it. */
export interface InspectDatasetOptions extends LongWork {
  /** Limits of a picture; one beyond them is unreadable. */
  readonly pictureLimits?: PartialPictureLimits | undefined;
}

const inspectRules: OptionRules<InspectDatasetOptions> = {
  ...longWorkRules,
  pictureLimits: optional(objectWith('an object of limits', [])),
};

/**
 * Looks at every image of a dataset: decodes it, so that broken files show, and hashes its bytes, so that copies show.
 * Broken files are reported, never thrown.
 *
 * @param options limits of a picture: with those of `loadModel` or `train`, the same images are readable here and there; and who hears of the work.
 */
export async function inspectDataset(
  dataset: ImageDataset,
  options: InspectDatasetOptions = {},
): Promise<DatasetReport> {
  checkArgument(dataset, datasetRule, 'dataset');
  checkOptions(options, inspectRules);
  const decoder = new PictureDecoder(options.pictureLimits ?? {});
  const unreadable: { id: string; reason: string }[] = [];
  let done = 0;
  const results = await mapBounded(dataset.images, availableParallelism(), async (record) => {
    const result = await inspect(record, decoder);
    advance(options, { work: 'inspecting', unit: 'images', done: ++done, total: dataset.images.length });
    return result;
  });
  const readable: Inspected[] = [];
  for (const [index, result] of results.entries()) {
    if (result instanceof UnreadableImageError) {
      unreadable.push({ id: dataset.images[index].id, reason: result.reason });
    } else readable.push(result);
  }
  const counts = new Array<number>(dataset.classes.length).fill(0);
  for (const { record } of readable) if (record.label !== undefined) counts[record.label]++;
  const groups = duplicateGroups(readable, dataset.classes);
  return {
    root: dataset.root,
    layout: dataset.layout,
    images: dataset.images.length,
    classes: dataset.classes.map((name, label) => ({ name, images: counts[label] })),
    unlabelled: readable.filter(({ record }) => record.label === undefined).length,
    singleImageClasses: dataset.classes.filter((_, label) => counts[label] === 1),
    sizes:
      readable.length === 0
        ? undefined
        : {
            width: sizeRange(readable.map(({ width }) => width)),
            height: sizeRange(readable.map(({ height }) => height)),
          },
    passedOver: dataset.passedOver ?? [],
    division: dataset.division,
    unreadable,
    duplicatesWithinClasses: groups.filter(({ classes }) => classes.length < 2),
    duplicatesAcrossClasses: groups.filter(({ classes }) => classes.length >= 2),
  };
}

async function inspect(record: ImageRecord, decoder: PictureDecoder): Promise<Inspected | UnreadableImageError> {
  const { source } = record;
  const hash = createHash('sha1');
  try {
    if (source.kind === 'file') {
      const bytes = await readImageFile(source.path);
      const { width, height } = await decodeImage(bytes, { name: record.id, decoder });
      return { record, width, height, hash: hash.update(bytes).digest('hex') };
    }
    const { width, height, channels, data } = source;
    await decodeImage(source);
    return { record, width, height, hash: hash.update(`${width} ${height} ${channels} `).update(data).digest('hex') };
  } catch (error) {
    if (error instanceof UnreadableImageError) return error;
    throw error;
  }
}

function duplicateGroups(images: readonly Inspected[], classes: readonly string[]): DuplicateGroup[] {
  const byHash = new Map<string, ImageRecord[]>();
  for (const { hash, record } of images) {
    const group = byHash.get(hash);
    if (group === undefined) byHash.set(hash, [record]);
    else group.push(record);
  }
  return [...byHash.values()]
    .filter((group) => group.length > 1)
    .map((group) => {
      const labels = new Set(group.flatMap(({ label }) => (label === undefined ? [] : [label])));
      return { ids: group.map(({ id }) => id), classes: [...labels].map((label) => classes[label]) };
    });
}

function sizeRange(sizes: number[]): SizeRange {
  sizes.sort((a, b) => a - b);
  return { smallest: sizes[0], median: sizes[(sizes.length - 1) >> 1], largest: sizes[sizes.length - 1] };
}
