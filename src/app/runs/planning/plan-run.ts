import { isDeepStrictEqual } from 'node:util';
import { BlockedEngine } from '../../../engines/onnxruntime/blocked-engine.ts';
import { requireDevice } from '../../../engines/require-device.ts';
import { WorkerEngine } from '../../../engines/worker/worker-engine.ts';
import { TrainingError } from '../../../foundation/errors/training-error.ts';
import { UsageError } from '../../../foundation/errors/usage-error.ts';
import { exists } from '../../../foundation/files/exists.ts';
import { takeLock } from '../../../foundation/files/lock.ts';
import { packagedModel } from '../../../foundation/packaged-model.ts';
import type { ImageDataset } from '../../../pictures/datasets/dataset.ts';
import type { DiskPixels } from '../../../pictures/preparation/disk-pixels.ts';
import { presetOf } from '../../../training/configuration/preset-of.ts';
import type { PresetName } from '../../../training/configuration/presets.ts';
import type { TrainingConfig } from '../../../training/configuration/training-config.ts';
import { trainingDefaults } from '../../../training/configuration/training-defaults.ts';
import {
  type Normalization,
  normalizations,
  type TrunkChoices,
} from '../../../training/configuration/trunk-choices.ts';
import { prepareData } from '../../../training/data/training-data.ts';
import {
  makeRunFolder,
  type RunFolder,
  refuseRun,
  removeMadeFolders,
  runFolder,
} from '../../../training/loop/run-folder.ts';
import { requireSameData } from '../../../training/loop/same-data.ts';
import { readTrunk } from '../../../training/planning/open-trunk.ts';
import { planTraining, type TrainingPlan } from '../../../training/planning/plan-training.ts';
import { chooseRecipe } from '../../../training/planning/recipe.ts';
import type { StrongStart } from '../../../training/start/strong-start-options.ts';
import type { LoadedWeights } from '../../../training/weights/load-weights.ts';
import type { TrainRunOptions } from '../train-run-options.ts';
import { chooseEngine, engineAgain, featuresAreFaster, measuredOneDnn, type OneDnnConfig } from './choose-engine.ts';
import { type EstimateMemory, fitMemory } from './fit-memory.ts';
import { chosenWeights, reloadedWeights, withWeights } from './initial-weights.ts';
import { planStrongStart, type StrongStartChoices, type StrongStartPlan } from './plan-strong-start.ts';
import { type ResumableRun, resumableRun, trainingOf } from './resumable-run.ts';
import { dataOptions, openDisk } from './run-pictures.ts';
import { RunResources } from './run-resources.ts';
import { startFromBetter } from './start-from-better.ts';

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
  /** oneDNN as it is here, of a run that goes on with it; of a new one the configuration has it. */
  readonly onednn?: OneDnnConfig | undefined;
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
 * is written; of one that goes on nothing is. A run that is refused or stopped here leaves nothing.
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
    await resources.refuse();
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
  refuseFeatureCache(options, preset);
  // Choices that contradict each other make no folder. With an ONNX file as the backbone that file decides, too.
  if (choices.trunk === undefined) chooseRecipe(choices, origin);
  const chosen = await chooseEngine(choices);
  const loaded = await chosenWeights(choices, origin);
  await openNewRun(run, resources);
  const disk = openDisk(options, run, resources);
  const prepared = dataOptions(options, disk, resources);
  const planned = withWeights(await planTraining(material.dataset, choices, prepared), loaded);
  const onednn = chosen && (await measuredOneDnn(chosen, choices, planned));
  const estimate = memoryBytes === undefined || onednn === undefined ? undefined : await byOneDnn(onednn);
  const fitting = fitMemory(planned.config, memoryBytes, planned.trunk, estimate);
  const engine = await startEngine(fitting, onednn, resources);
  const config = withEngine(fitting, engine, onednn);
  return { run, resumed: false, training: { ...planned, config }, loaded, engine, disk };
}

/** Only a network of a file gives features that other runs have a use for. */
function refuseFeatureCache({ featureCache, choices }: TrainRunOptions, preset: PresetName): void {
  if (featureCache === undefined || choices?.trunk !== undefined) return;
  throw new UsageError(
    `options.featureCache was given, but the preset ${preset} trains a network of its own, whose features are not kept: leave it out, give a network with choices.trunk, or use the preset auto`,
    { path: 'featureCache', expected: 'nothing', value: featureCache },
  );
}

/** What a graph takes of memory on oneDNN, whose code is read where it is wanted. */
async function byOneDnn({ precision }: OneDnnConfig): Promise<EstimateMemory> {
  const { oneDnnStepMemory } = await import('../../../engines/onednn/onednn-step-memory.ts');
  return oneDnnStepMemory(precision);
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
  const possible = await chooseEngine(choices);
  await openNewRun(run, resources);
  const disk = openDisk(options, run, resources);
  const prepared = dataOptions(options, disk, resources);
  const planned = await planTraining(material.dataset, { ...others, preset: 'auto', trunk, heldOut: 0 }, prepared);
  const how = {
    expect,
    seconds,
    dimension,
    cutChosen: trunk.cut !== undefined,
    normalizationChosen: trunk.normalization !== undefined,
  };
  const measured = possible !== undefined && (choices.engine ?? 'auto') === 'auto' && choices.precision !== 'bfloat16';
  const onednn = measured && !(await featuresAreFaster(planned)) ? undefined : possible;
  const began = performance.now();
  const first = await started(planned, how, onednn, options, resources);
  const fromPackaged = async () => {
    const { size: _, ...own } = others;
    const trunk = { file: packagedModel };
    const again = await planTraining(material.dataset, { ...own, preset: 'auto', trunk, heldOut: 0 }, prepared);
    const left = Math.max(0, seconds - (performance.now() - began) / 1000);
    const packaged = { ...how, seconds: left, cutChosen: false, normalizationChosen: false };
    return planStrongStart(ofEngine(again, first.engine, onednn), material.dataset, packaged, first.engine, options);
  };
  const named = trunk.file !== packagedModel && !how.cutChosen;
  const best = named ? await startFromBetter(first, fromPackaged) : first;
  return { run, resumed: false, loaded: undefined, disk, ...first, ...best };
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
  const prepared = dataOptions(options, disk, resources);
  const planned = await planTraining(
    options.material.dataset,
    {
      preset: 'auto',
      seed: config.seed,
      size: width,
      fit: config.preprocessing.fit,
      decode: config.preprocessing.decode ?? 'exact',
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
    prepared,
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
  const onednn = config.engine.onednn && (await engineAgain(config.engine.onednn, run.folder));
  return { run, resumed: true, loaded: undefined, disk, ...(await started(planned, how, onednn, options, resources)) };
}

/** A network that takes bytes wants the name of what it does. */
function normalizationOf(given: Normalization): NonNullable<TrunkChoices['normalization']> {
  return isDeepStrictEqual(given, normalizations.none) ? 'none' : given;
}

async function started(
  planned: TrainingPlan,
  how: StrongStartChoices,
  onednn: OneDnnConfig | undefined,
  options: TrainRunOptions,
  resources: RunResources,
): Promise<StrongStartPlan & Pick<Decided, 'engine'>> {
  const engine = await startEngine(planned.config, onednn, resources);
  const ready = ofEngine(planned, engine, onednn);
  return { engine, ...(await planStrongStart(ready, options.material.dataset, how, engine, options)) };
}

/** A plan of the preset `auto`, which has a trunk, for an engine. */
function ofEngine({ trunk, ...planned }: TrainingPlan, engine: BlockedEngine, onednn: OneDnnConfig | undefined) {
  return { ...planned, config: withEngine(planned.config, engine, onednn), trunk: trunk! };
}

async function decideResumed(options: TrainRunOptions, run: RunFolder, resources: RunResources): Promise<Decided> {
  const resumable = await resumableRun(run, options.choices ?? {});
  const { config, dataHash } = resumable;
  if (config.start !== undefined) return decideStartAgain(options, run, resumable, resources);
  const disk = openDisk(options, run, resources);
  const prepared = dataOptions(options, disk, resources);
  const trunk = await readTrunk(run.backbone, config.network);
  const data = await prepareData(options.material.dataset, config, prepared);
  const initial = (await exists(run.checkpoint)) ? undefined : await reloadedWeights(config);
  if (dataHash !== undefined) requireSameData(run, config, data, dataHash);
  await lockRun(run, resources);
  const onednn = config.engine.onednn && (await engineAgain(config.engine.onednn, run.folder));
  const engine = await startEngine(config, onednn, resources);
  return { run, resumed: true, onednn, training: { config, data, trunk, initial }, loaded: undefined, engine, disk };
}

/** Makes the folder of a new run and locks it; a run that is refused leaves neither. */
async function openNewRun(run: RunFolder, resources: RunResources): Promise<void> {
  // Said before an hour of looking at pictures, rather than after it.
  await refuseRun(run);
  const made = await makeRunFolder(run);
  resources.undoWhereRefused(() => removeMadeFolders(run, made));
  await lockRun(run, resources);
}

async function lockRun(run: RunFolder, resources: RunResources): Promise<void> {
  resources.hold(await takeLock(run.lock, trainingOf(run)), (lock) => lock.release());
}

async function startEngine(
  { engine: { threads, provider } }: TrainingConfig,
  onednn: OneDnnConfig | undefined,
  resources: RunResources,
): Promise<BlockedEngine> {
  const opened = onednn && { onednn: { precision: onednn.precision } };
  const providers = provider === 'cpu' ? ['cpu'] : [provider, 'cpu'];
  const engine = await WorkerEngine.create({ threads, providers, ...opened });
  resources.hold(engine, (worker) => worker.close());
  if (provider !== 'cpu') await requireDevice(engine, provider);
  // Blocked kernels are those of onnxruntime's CPU provider.
  return BlockedEngine.over(engine, provider === 'cpu' && onednn === undefined ? undefined : []);
}

/** The configuration with what the machine decided of the engine. */
function withEngine(
  config: TrainingConfig,
  { block }: BlockedEngine,
  onednn: OneDnnConfig | undefined,
): TrainingConfig {
  return { ...config, engine: { ...config.engine, convolutionBlock: block, ...(onednn && { onednn }) } };
}
