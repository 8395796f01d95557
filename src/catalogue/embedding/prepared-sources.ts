import { BoundedConcurrency } from '../../foundation/concurrency/bounded-concurrency.ts';
import { type ImageArgument, imageOf } from '../../pictures/decoding/image-argument.ts';
import type { PictureDecoder } from '../../pictures/decoding/picture-decoder.ts';
import { UnreadableImageError } from '../../pictures/decoding/unreadable-image-error.ts';
import { preprocess } from '../../pictures/preparation/preprocess.ts';
import type { PreprocessingRule } from '../../pictures/preparation/preprocessing-rule.ts';

/** The pixels of an image, or why there are none. */
export type PreparedSource = Uint8Array | UnreadableImageError;

/** Threads that prepare files, one result each, in their order; a PreparationPool is one. */
export interface FilePreparation {
  prepare(paths: readonly string[], rule: PreprocessingRule): Promise<PreparedSource[]>;
}

/** How sources are prepared; see `preparedSources`. */
export interface PreparationSettings {
  readonly rule: PreprocessingRule;
  /** Decodes what is prepared in this thread. */
  readonly decoder?: PictureDecoder;
  /** Images prepared at a time. */
  readonly concurrency: number;
  /** Images that may be prepared or under way before their turn. */
  readonly ahead: number;
  /** Threads for many files; asked for when there are more than a few. Without it, all is done in this thread. */
  readonly pool?: () => FilePreparation;
}

/** Images that a thread is given at a time: so many that messages cost little, so few that all threads have work. */
const imagesARequest = 8;
/** Up to so many sources, starting threads takes longer than preparing them here. */
const imagesWithoutThreads = 64;

/**
 * Prepares sources by a rule, ahead of their turn, and gives one result a source, in the order of the sources. What is in
 * memory is bounded: `ahead` prepared images and `concurrency` pictures of full size, with threads twice as many.
 */
export async function* preparedSources(
  sources: Iterable<ImageArgument>,
  settings: PreparationSettings,
): AsyncGenerator<PreparedSource, void, undefined> {
  const groups = groupsOf(sources, imagesARequest);
  const start: ImageArgument[][] = [];
  for (let group = groups.next(); !group.done; group = groups.next()) {
    start.push(group.value);
    if (start.length * imagesARequest > imagesWithoutThreads) break;
  }
  const isMany = start.length * imagesARequest > imagesWithoutThreads;
  const pool = isMany ? settings.pool?.() : undefined;
  const here = new BoundedConcurrency(settings.concurrency);
  const prepare = async (group: readonly ImageArgument[]): Promise<PreparedSource[]> => {
    const images = await Promise.all(group.map(imageOf));
    const paths = images.flatMap((image) => ('kind' in image && image.kind === 'file' ? [image.path] : []));
    if (pool !== undefined && paths.length === images.length) return pool.prepare(paths, settings.rule);
    return Promise.all(
      images.map((source) =>
        here.run(() => pixelsOrReason(preprocess(source, settings.rule, { decoder: settings.decoder }))),
      ),
    );
  };
  const groupsAhead = Math.max(1, Math.ceil(settings.ahead / imagesARequest));
  for await (const group of aheadOf(inTurn(start, groups), groupsAhead, prepare)) yield* group;
}

function* groupsOf<T>(items: Iterable<T>, size: number): Generator<T[], void, undefined> {
  let group: T[] = [];
  for (const item of items) {
    group.push(item);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

function* inTurn<T>(first: Iterable<T>, then: Iterable<T>): Generator<T, void, undefined> {
  yield* first;
  yield* then;
}

async function pixelsOrReason(pixels: Promise<Uint8Array>): Promise<PreparedSource> {
  try {
    return await pixels;
  } catch (error) {
    if (error instanceof UnreadableImageError) return error;
    throw error;
  }
}

/** Starts work on up to `ahead` items before their turn; gives the results in the order of the items. */
async function* aheadOf<T, R>(items: Iterable<T>, ahead: number, work: (item: T) => Promise<R>): AsyncGenerator<R> {
  const started: Promise<R>[] = [];
  for (const item of items) {
    const result = work(item);
    // It is awaited in its turn; until then an error of it is not an unhandled one.
    result.catch(() => undefined);
    started.push(result);
    if (started.length >= ahead) yield await started.shift()!;
  }
  for (const result of started) yield await result;
}
