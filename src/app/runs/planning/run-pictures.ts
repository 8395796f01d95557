import { availableParallelism } from 'node:os';
import { embedByModel } from '../../../catalogue/embedding/embed-by-model.ts';
import type { PartialPictureLimits } from '../../../pictures/decoding/picture-limits.ts';
import { DiskPixels } from '../../../pictures/preparation/disk-pixels.ts';
import { PreparationPool } from '../../../pictures/preparation/preparation-pool.ts';
import { trainingDefaults } from '../../../training/configuration/training-defaults.ts';
import type { DataOptions } from '../../../training/data/training-data.ts';
import type { RunFolder } from '../../../training/loop/run-folder.ts';
import type { TrainRunOptions } from '../train-run-options.ts';
import type { RunResources } from './run-resources.ts';

/** What memory has no room for goes to disk; undefined if nothing may. */
export function openDisk(options: TrainRunOptions, run: RunFolder, resources: RunResources): DiskPixels | undefined {
  const { diskCacheBytes = trainingDefaults.diskCacheBytes, keptPixels } = options;
  if (diskCacheBytes === 0) return undefined;
  const folder = keptPixels ?? run.pixels;
  const pixels = new DiskPixels({ folder, keep: keptPixels !== undefined, budgetBytes: diskCacheBytes });
  resources.undoWhereRefused(() => pixels.discard());
  return resources.hold(pixels, (disk) => disk.close());
}

/** How the pictures of a run are read: by threads of the run's own, where there are more than a few. */
export function dataOptions(
  options: TrainRunOptions,
  disk: DiskPixels | undefined,
  resources: RunResources,
): DataOptions {
  const { material, cacheBytes = trainingDefaults.cacheBytes, pictureLimits, onProgress, signal } = options;
  const { triplets, dataset } = material;
  const preparation = openPreparation(dataset.images.length, pictureLimits, resources);
  return { cacheBytes, pictureLimits, preparation, embedByModel, disk, signal, triplets, onProgress };
}

/** Up to so many pictures, starting threads takes longer than preparing them in this one. */
const picturesWithoutThreads = 64;

function openPreparation(
  pictures: number,
  limits: PartialPictureLimits | undefined,
  resources: RunResources,
): PreparationPool | undefined {
  if (!PreparationPool.available || pictures <= picturesWithoutThreads) return undefined;
  return resources.hold(new PreparationPool(availableParallelism(), limits), (pool) => pool.close());
}
