import { isDeepStrictEqual } from 'node:util';
import { embedByModel } from '../../catalogue/embedding/embed-by-model.ts';
import { BlockedEngine } from '../../engines/onnxruntime/blocked-engine.ts';
import { WorkerEngine } from '../../engines/worker/worker-engine.ts';
import { TrainingError } from '../../foundation/errors/training-error.ts';
import { exists } from '../../foundation/files/exists.ts';
import { takeLock } from '../../foundation/files/lock.ts';
import { packagedModel } from '../../foundation/packaged-model.ts';
import type { ImageDataset } from '../../pictures/datasets/dataset.ts';
import { DiskPixels } from '../../pictures/preparation/disk-pixels.ts';
import { presetOf } from '../../training/configuration/preset-of.ts';
import type { TrainingConfig } from '../../training/configuration/training-config.ts';
import { trainingDefaults } from '../../training/configuration/training-defaults.ts';
import { type Normalization, normalizations, type TrunkChoices } from '../../training/configuration/trunk-choices.ts';
import { type DataOptions, prepareData } from '../../training/data/training-data.ts';
import { makeRunFolder, type RunFolder, refuseRun, runFolder } from '../../training/loop/run-folder.ts';
import { requireSameData } from '../../training/loop/same-data.ts';
import { readTrunk } from '../../training/planning/open-trunk.ts';
import { planTraining, type TrainingPlan } from '../../training/planning/plan-training.ts';
import { chooseRecipe } from '../../training/planning/recipe.ts';
import type { StrongStart } from '../../training/start/strong-start-options.ts';
import type { LoadedWeights } from '../../training/weights/load-weights.ts';
import { fitMemory } from './fit-memory.ts';
import { chosenWeights, reloadedWeights, withWeights } from './initial-weights.ts';
import { planStrongStart, type StrongStartChoices } from './plan-strong-start.ts';
import { type ResumableRun, resumableRun, trainingOf } from './resumable-run.ts';
import { RunResources } from './run-resources.ts';
import type { TrainRunOptions } from './train-run-options.ts';

/** A run that is decided in every point, and locked; nothing of it has been written yet. */
export interface RunPlan {
  readonly run: RunFolder;
  /** True for a run that goes on. */
  readonly resumed: boolean;
  readonly dataset: ImageDataset;
  /** Where the pictures were loaded from; undefined where they were put together otherwise. */
  readonly location: string | undefined;
  /** Configuration (of a new run with what fits into memory and the machine's block), pictures, trunk, first weights. */
  readonly training: TrainingPlan;
  /** Of a new run: what came of the weights that were chosen. */
  readonly loaded: LoadedWeights | undefined;
  /** Computes the run, in a thread of its own. */
  readonly engine: BlockedEngine;
  /** Where pixels are kept for which memory has no room. */
  readonly disk: DiskPixels | undefined;
  /** Of the preset `auto`: the start that was chosen, which is all there is to the run. */
  readonly start?: StrongStart | undefined;
  /** Ends the engine and gives back the lock, finished or not. */
  close(): Promise<void>;
}

/**
 * Decides a run: a new one from choices and pictures, or one that goes on from its folder, of which everything that can
 * refuse it is looked at first. Of a new run the folder is made and locked before anybody looks at pictures, and nothing else
 * is written; of one that goes on nothing is.
 *
 * @throws if the folder holds a run and `resume` is false, or holds none and it is true; if another process trains into it;
 * as `planTraining`, `resumableRun`, `fitMemory` and `chosenWeights` do. Whatever was taken is given back then.
 */
export async function planRun(options: TrainRunOptions): Promise<RunPlan> {
  const resources = new RunResources();
  try {
    const decide = options.resume === true ? decideResumed : decideNew;
    const decided = await decide(options, runFolder(options.folder), resources);
    const { dataset, location } = options.material;
    return { ...decided, dataset, location, close: () => resources.close() };
  } catch (error) {
    await resources.close();
    throw error;
  }
}

type Decided = Omit<RunPlan, 'dataset' | 'location' | 'close'>;

async function decideNew(options: TrainRunOptions, run: RunFolder, resources: RunResources): Promise<Decided> {
  const { material, memoryBytes } = options;
  const origin = material.triplets === undefined ? 'classes' : 'listed';
  const preset = presetOf(options.choices ?? {}, { origin, memoryBytes });
  if (preset === 'auto') return decideStart(options, run, resources);
  const choices = { ...options.choices, preset };
  // Choices that contradict each other make no folder. With an ONNX file as the backbone that file decides, too.
  if (choices.trunk === undefined) chooseRecipe(choices, origin);
  const loaded = await chosenWeights(choices, origin);
  // Said before an hour of looking at pictures, rather than after it.
  await refuseRun(run);
  await makeRunFolder(run);
  await lockRun(run, resources);
  const disk = openDisk(options, run, resources);
  const planned = withWeights(await planTraining(material.dataset, choices, dataOptions(options, disk)), loaded);
  const fitting = fitMemory(planned.config, memoryBytes, planned.trunk);
  const engine = await startEngine(fitting, resources);
  const config = { ...fitting, engine: { ...fitting.engine, convolutionBlock: engine.block } };
  return { run, resumed: false, training: { ...planned, config }, loaded, engine, disk };
}

/** A new run of the preset `auto`. */
async function decideStart(options: TrainRunOptions, run: RunFolder, resources: RunResources): Promise<Decided> {
  const { material, choices = {} } = options;
  const {
    expect = 'both',
    seconds = trainingDefaults.startSeconds,
    embeddingDimension: dimension,
    ...others
  } = choices;
  const trunk = choices.trunk ?? { file: packagedModel };
  await refuseRun(run);
  await makeRunFolder(run);
  await lockRun(run, resources);
  const disk = openDisk(options, run, resources);
  const planned = await planTraining(
    material.dataset,
    { ...others, preset: 'auto', trunk, heldOut: 0 },
    dataOptions(options, disk),
  );
  const how = {
    expect,
    seconds,
    dimension,
    cutChosen: trunk.cut !== undefined,
    normalizationChosen: trunk.normalization !== undefined,
  };
  return { run, resumed: false, loaded: undefined, disk, ...(await started(planned, how, options, resources)) };
}

/** A run of the preset `auto` that goes on: its pictures' features are kept, and what they decide is decided again. */
async function decideStartAgain(
  options: TrainRunOptions,
  run: RunFolder,
  { config, dataHash }: ResumableRun,
  resources: RunResources,
): Promise<Decided> {
  const { trunk, width } = config.network;
  const { start } = config;
  if (trunk === undefined || start === undefined)
    throw new TrainingError(`'${run.config}' is of auto, but has no start`);
  const cutChosen = start.cut === 'chosen';
  const { layout, channels, mean, deviation, origin } = trunk;
  const disk = openDisk(options, run, resources);
  const planned = await planTraining(
    options.material.dataset,
    {
      preset: 'auto',
      seed: config.seed,
      size: width,
      trunk: {
        file: run.backbone,
        layout,
        channels,
        normalization: normalizationOf({ mean, deviation }),
        ...(origin === undefined ? {} : { origin }),
        ...(cutChosen ? { cut: trunk.cut } : {}),
      },
      heldOut: 0,
      threads: config.engine.threads,
      provider: config.engine.provider,
    },
    dataOptions(options, disk),
  );
  if (dataHash !== undefined) requireSameData(run, config, planned.data, dataHash);
  await lockRun(run, resources);
  const how = {
    expect: start.expect,
    seconds: Number.POSITIVE_INFINITY,
    dimension: start.dimensionChosen ? config.network.embeddingDimension : undefined,
    cutChosen,
    normalizationChosen: true,
  };
  return { run, resumed: true, loaded: undefined, disk, ...(await started(planned, how, options, resources)) };
}

/** A network that takes bytes wants the name of what it does. */
function normalizationOf(given: Normalization): NonNullable<TrunkChoices['normalization']> {
  return isDeepStrictEqual(given, normalizations.none) ? 'none' : given;
}

async function started(
  planned: TrainingPlan,
  how: StrongStartChoices,
  options: TrainRunOptions,
  resources: RunResources,
): Promise<Pick<Decided, 'training' | 'start' | 'engine'>> {
  const engine = await startEngine(planned.config, resources);
  const config = { ...planned.config, engine: { ...planned.config.engine, convolutionBlock: engine.block } };
  const ready = { ...planned, config, trunk: planned.trunk! };
  return { engine, ...(await planStrongStart(ready, options.material.dataset, how, engine, options)) };
}

async function decideResumed(options: TrainRunOptions, run: RunFolder, resources: RunResources): Promise<Decided> {
  const resumable = await resumableRun(run, options.choices ?? {});
  const { config, dataHash } = resumable;
  if (config.start !== undefined) return decideStartAgain(options, run, resumable, resources);
  const disk = openDisk(options, run, resources);
  const trunk = await readTrunk(run.backbone, config.network);
  const data = await prepareData(options.material.dataset, config, dataOptions(options, disk));
  const initial = (await exists(run.checkpoint)) ? undefined : await reloadedWeights(config);
  if (dataHash !== undefined) {
    try {
      requireSameData(run, config, data, dataHash);
    } catch (error) {
      await disk?.discard();
      throw error;
    }
  }
  await lockRun(run, resources);
  const engine = await startEngine(config, resources);
  return { run, resumed: true, training: { config, data, trunk, initial }, loaded: undefined, engine, disk };
}

async function lockRun(run: RunFolder, resources: RunResources): Promise<void> {
  resources.hold(await takeLock(run.lock, trainingOf(run)), (lock) => lock.release());
}

async function startEngine(
  { engine: { threads, provider } }: TrainingConfig,
  resources: RunResources,
): Promise<BlockedEngine> {
  const providers = provider === 'cpu' ? ['cpu'] : [provider, 'cpu'];
  const engine = resources.hold(await WorkerEngine.create({ threads, providers }), (worker) => worker.close());
  return BlockedEngine.over(engine);
}

/** What memory has no room for goes to disk; undefined if nothing may. */
function openDisk(options: TrainRunOptions, run: RunFolder, resources: RunResources): DiskPixels | undefined {
  const { diskCacheBytes = trainingDefaults.diskCacheBytes, keptPixels } = options;
  if (diskCacheBytes === 0) return undefined;
  const folder = keptPixels ?? run.pixels;
  const pixels = new DiskPixels({ folder, keep: keptPixels !== undefined, budgetBytes: diskCacheBytes });
  return resources.hold(pixels, (disk) => disk.close());
}

function dataOptions(options: TrainRunOptions, disk: DiskPixels | undefined): DataOptions {
  const { material, cacheBytes = trainingDefaults.cacheBytes, pictureLimits, onProgress, signal } = options;
  const { triplets } = material;
  return { cacheBytes, pictureLimits, embedByModel, disk, signal, triplets, onProgress };
}
