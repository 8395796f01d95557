import { stat } from 'node:fs/promises';
import path from 'node:path';
import { throwIfAborted } from '../../../foundation/errors/abort-error.ts';
import { LookalikeError } from '../../../foundation/errors/lookalike-error.ts';
import type { IndexOptions, IndexReport } from '../indexing/index-report.ts';
import { ChangeBell } from './change-bell.ts';
import { type FolderWatchOptions, watchFolder } from './folder-watch.ts';
import { UnsettledFiles } from './unsettled-files.ts';

/** How a folder is watched. */
export interface WatchTimes {
  /** Milliseconds for which a file has to stay as it is before it is embedded, and the folder before it is looked at. Default: 2000. */
  readonly settle?: number | undefined;
  /** Milliseconds after which the whole folder is looked at, whether the system has said anything or not. Default: ten minutes; where `poll` is set ten seconds. */
  readonly every?: number | undefined;
  /** Do not ask the system to be told: for network disks, where it does not know. Default: false. */
  readonly poll?: boolean | undefined;
}

/** What became of a look at a folder. */
export type WatchEvent =
  | {
      readonly kind: 'indexed';
      readonly report: IndexReport;
      /** That it took. */
      readonly milliseconds: number;
    }
  | {
      /** The store is as it was, or as far as it was written by then. */
      readonly kind: 'failed';
      readonly error: Error;
      /** When it is tried again, in milliseconds. */
      readonly retryAfter: number;
    };

/** What is watched, and what is done then. */
export interface WatchOptions
  extends WatchTimes,
    Pick<FolderWatchOptions, 'ignore' | 'files'>,
    Pick<IndexOptions, 'signal'> {
  /** The folder of the images, or a file in it that names them. */
  readonly place: string;
  /** Makes the store mirror the folder but for images that are to be left, or says what there is to do. */
  readonly index: (options: Required<Pick<IndexOptions, 'leave' | 'dryRun'>>, isFirst: boolean) => Promise<IndexReport>;
}

/** A folder that always changes is looked at after so many times as long as it has to be quiet, and as the last look took. */
const [mostSettles, mostLooks] = [10, 4];
/** Milliseconds after which a look that failed is tried again: the first, doubled each time, and the longest. */
const [firstRetry, longestRetry] = [1000, 60_000];

/**
 * Keeps a store the mirror of a folder while that changes: looks at the whole folder at once, and again whenever the system tells of a
 * change and nothing has followed for a while. So what happened while nobody watched is caught up with, and a file that has moved is
 * known by its bytes.
 *
 * The first look is told whatever it finds, later ones if there was something to do. A look that fails, but for the first, is told and
 * tried again.
 *
 * @throws if the first look fails; AbortError when the signal is aborted.
 */
export async function* watchImages(options: WatchOptions): AsyncGenerator<WatchEvent, void, undefined> {
  const { settle = 2000, poll = false, every = poll ? 10_000 : 600_000, signal } = options;
  const bell = new ChangeBell();
  const files = new UnsettledFiles(settle);
  let watch: AsyncDisposable | undefined;
  try {
    for (let [isFirst, failures] = [true, 0]; ; isFirst = false) {
      const begun = performance.now();
      try {
        // Before the look, so that no change falls between the two.
        if (!poll) watch ??= await watchPlace(options, bell);
        const report = await look(options, files, isFirst);
        failures = 0;
        if (report !== undefined) yield { kind: 'indexed', report, milliseconds: performance.now() - begun };
      } catch (error) {
        throwIfAborted(signal);
        if (isFirst || !(error instanceof LookalikeError)) throw error;
        const retryAfter = Math.min(longestRetry, firstRetry * 2 ** failures++);
        yield { kind: 'failed', error, retryAfter };
        // What was watched may be another folder by now.
        await watch?.[Symbol.asyncDispose]();
        watch = undefined;
        await bell.rings(retryAfter, signal);
        continue;
      }
      const took = performance.now() - begun;
      if (files.waiting === 0 && !(await bell.rings(every, signal))) continue;
      const heard = performance.now();
      const longest = Math.max(mostSettles * settle, mostLooks * took);
      while ((await bell.rings(settle, signal)) && performance.now() - heard < longest);
    }
  } finally {
    await watch?.[Symbol.asyncDispose]();
  }
}

/** Watches the folder of a place; none where there is nothing, which the look at it says better. */
async function watchPlace({ place, ignore, files }: WatchOptions, bell: ChangeBell) {
  const found = await stat(place).catch(() => undefined);
  if (found === undefined) return undefined;
  const folder = found.isDirectory() ? place : path.dirname(path.resolve(place));
  return watchFolder({ folder, ignore, files, onChange: () => bell.ring() });
}

/** Looks at the folder once. What it gives is to be told; undefined where there was nothing to do. */
async function look(
  { index }: WatchOptions,
  files: UnsettledFiles,
  isFirst: boolean,
): Promise<IndexReport | undefined> {
  const { leave } = files;
  files.begin();
  // The right to write is not asked for where there is nothing to write.
  if (!isFirst && isIdle(await index({ leave, dryRun: true }, isFirst))) return undefined;
  files.begin();
  const report = await index({ leave, dryRun: false }, isFirst);
  files.note(report.unreadable);
  return report;
}

function isIdle({ added, updated, moved, removed, described, unreadable }: IndexReport): boolean {
  return added + updated + moved + removed + described + unreadable.length === 0;
}
