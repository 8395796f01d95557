import { embedByModel } from '../../catalogue/embedding/embed-by-model.ts';
import { loadModel } from '../../catalogue/embedding/embedder.ts';
import { writeModel } from '../../catalogue/embedding/model-file.ts';
import type { ModelDescription } from '../../catalogue/embedding/model-metadata.ts';
import { BlockedEngine } from '../../engines/onnxruntime/blocked-engine.ts';
import { WorkerEngine } from '../../engines/worker/worker-engine.ts';
import type { EvaluationReport, TripletReport } from '../../evaluation/reports/evaluation-report.ts';
import { exists } from '../../foundation/files/exists.ts';
import { takeLock } from '../../foundation/files/lock.ts';
import type { PartialPictureLimits } from '../../pictures/decoding/picture-limits.ts';
import { DiskPixels } from '../../pictures/preparation/disk-pixels.ts';
import type { UnreadableImage } from '../../pictures/preparation/pixel-cache.ts';
import type { TrainingChoices } from '../../training/configuration/training-choices.ts';
import type { TrainingConfig } from '../../training/configuration/training-config.ts';
import { trainingDefaults } from '../../training/configuration/training-defaults.ts';
import type { FeatureTable } from '../../training/data/feature-table.ts';
import { type DataOptions, prepareData } from '../../training/data/training-data.ts';
import type { Finding } from '../../training/doctor/finding.ts';
import type { NamedMeasures } from '../../training/doctor/unlearnt-baselines.ts';
import type { FeatureCacheOptions } from '../../training/features/feature-cache.ts';
import { frozenFeatures } from '../../training/features/frozen-features.ts';
import { makeRunFolder, type RunFolder, refuseRun, runFolder, startRun } from '../../training/loop/run-folder.ts';
import { recordRunImages } from '../../training/loop/run-images.ts';
import { requireSameData } from '../../training/loop/same-data.ts';
import { type TrainingEvent, type TrainOutcome, train } from '../../training/loop/train.ts';
import { readTrunk } from '../../training/planning/open-trunk.ts';
import { planTraining, type TrainingPlan } from '../../training/planning/plan-training.ts';
import { modelGraph } from '../../training/step/network-graphs.ts';
import type { LoadedWeights } from '../../training/weights/load-weights.ts';
import { calibrateRun, type RunCalibration } from './calibrate-run.ts';
import { fitMemory } from './fit-memory.ts';
import { chosenWeights, reloadedWeights, withWeights } from './initial-weights.ts';
import { type Pretraining, pretrain, withPretraining } from './pretrain.ts';
import { writeRunReport } from './report/write-run-report.ts';
import { resumableRun, trainingOf } from './resumable-run.ts';
import { TrainingDoctor } from './training-doctor.ts';
import type { TrainingMaterial } from './training-material.ts';

export interface TrainRunOptions {
  readonly material: TrainingMaterial;
  /** Where the run's files go. */
  readonly folder: string;
  /** What the user decides of a new run. Default: what `trainingDefaults` and the preset `small` say. */
  readonly choices?: TrainingChoices;
  /** Go on with the run in `folder`, whose own configuration then counts. Default: false. */
  readonly resume?: boolean;
  /** Bytes a step may take; more means fewer rows at once. Default: no limit. */
  readonly memoryBytes?: number;
  /** Bytes of prepared pixels that are remembered. Default: 1 GB. */
  readonly cacheBytes?: number;
  /** Bytes of prepared pixels that are kept on disk beyond those; 0 for none. Default: 10 GB. */
  readonly diskCacheBytes?: number;
  /** Where prepared pixels are kept for later runs, too. Default: in the run's folder until it is finished. */
  readonly keptPixels?: string;
  /** Where the features of a frozen trunk are kept for other runs. Default: the user's cache folder, at most 2 GiB. */
  readonly featureCache?: FeatureCacheOptions;
  /** Limits of a picture; one beyond them is left out as unreadable. */
  readonly pictureLimits?: PartialPictureLimits | undefined;
  /** Seconds between checkpoints. Default: 30. */
  readonly checkpointSeconds?: number;
  /** What the model file says of itself. */
  readonly description?: string;
  /** Whom the training pictures are to be credited to. */
  readonly attribution?: string;
  /**
   * Aborting finishes the step, writes a checkpoint and stops. Before the first step nothing has begun yet: the promise is
   * rejected with the signal's reason.
   */
  readonly signal?: AbortSignal;
  readonly onScan?: (done: number, total: number) => void;
  /** Told how many pictures have gone through a frozen trunk, of those whose features are not known yet. */
  readonly onFeatures?: (done: number, total: number) => void;
  readonly onPlan?: (plan: TrainingPlan, run: RunFolder) => void;
  readonly onEvent?: (event: TrainingEvent) => void;
  /** Told what came of the weights that were chosen, before the first step of a new run. */
  readonly onWeights?: (loaded: LoadedWeights) => void;
  /** Events of the softmax pre-training, which comes before those of `onEvent`. */
  readonly onPretraining?: (event: TrainingEvent) => void;
}

/** What a run has come to. */
export interface TrainRunResult {
  readonly run: RunFolder;
  readonly config: TrainingConfig;
  readonly outcome: Omit<TrainOutcome, 'weights'>;
  /** On the pictures that were kept from training; undefined if none were. */
  readonly evaluation: EvaluationReport | TripletReport | undefined;
  /** What raw pixels and HOG reach on the same pictures; empty if none were kept, or more than 5,000. */
  readonly baselines: readonly NamedMeasures[];
  /** What distances mean, or why the model does not say it; undefined without held-out pictures, and after an interruption. */
  readonly calibration: RunCalibration | undefined;
  /** What the doctor found; after an interruption, in the course of the run alone. */
  readonly findings: readonly Finding[];
  /** SHA-256 over the training pictures. */
  readonly dataHash: string;
  readonly unreadable: readonly UnreadableImage[];
  /** Images of no class, which were left out. */
  readonly withoutClass: number;
  /** Images that give negatives only. */
  readonly negativesOnly: number;
  /** Listed triplets that were left out; see `TrainingData`. */
  readonly tripletsLeftOut: number;
  /** Of a new run: what came of the weights that were chosen. */
  readonly weights?: LoadedWeights;
  /** The softmax pre-training, if it was done now, or to its end. */
  readonly pretraining?: Pretraining;
  /** True once `model.onnx` is there: not after an interruption. */
  readonly finished: boolean;
}

/**
 * Trains a network from pictures to a model file: looks at the pictures, completes the configuration, trains in a thread of
 * its own, and writes `model.onnx`. An interrupted run has its checkpoint and no model yet; `resume` goes on with it.
 *
 * @throws if the folder holds a run and `resume` is false, or holds none and it is true; if another process trains into it;
 * as `planTraining` and `train` do.
 */
export async function trainRun(options: TrainRunOptions): Promise<TrainRunResult> {
  const run = runFolder(options.folder);
  const { material, choices = {} } = options;
  if (options.resume === true) return resumeRun(options, run);
  const loaded = await chosenWeights(choices, originOf(material));
  // Said before an hour of looking at pictures, rather than after it.
  await refuseRun(run);
  await makeRunFolder(run);
  const lock = await takeLock(run.lock, trainingOf(run));
  try {
    const disk = diskPixels(options, run);
    try {
      const planned = await newPlan(options, disk, loaded);
      return await trainPlanned(options, run, disk, loaded, planned);
    } finally {
      await disk?.close();
    }
  } finally {
    await lock.release();
  }
}

/** Goes on with a run. Everything that can refuse it is looked at before anything in its folder is changed. */
async function resumeRun(options: TrainRunOptions, run: RunFolder): Promise<TrainRunResult> {
  const { config, dataHash } = await resumableRun(run, options.choices ?? {});
  const disk = diskPixels(options, run);
  try {
    const planned = await resumedPlan(options, run, config, disk);
    if (dataHash !== undefined) {
      try {
        requireSameData(run, config, planned.data, dataHash);
      } catch (error) {
        await disk?.discard();
        throw error;
      }
    }
    const lock = await takeLock(run.lock, trainingOf(run));
    try {
      return await trainPlanned(options, run, disk, undefined, planned);
    } finally {
      await lock.release();
    }
  } finally {
    await disk?.close();
  }
}

async function trainPlanned(
  options: TrainRunOptions,
  run: RunFolder,
  disk: DiskPixels | undefined,
  loaded: LoadedWeights | undefined,
  planned: TrainingPlan,
): Promise<TrainRunResult> {
  const { data } = planned;
  const engine = await startEngine(planned.config);
  try {
    const plan = options.resume === true ? planned : withBlock(planned, engine.block);
    const { config } = plan;
    if (options.resume === true) warnOfOtherMachine(config, engine.block, options);
    else {
      await startRun(run, config, plan.backboneFile);
      await rememberImages(run, options);
    }
    options.onPlan?.(plan, run);
    if (loaded !== undefined) options.onWeights?.(loaded);
    const pretraining = await pretrained(plan, run, engine, options);
    const toRank = pretraining === undefined ? plan : withPretraining(plan, pretraining);
    const facts = {
      run,
      config,
      dataHash: data.hash,
      unreadable: data.unreadable,
      withoutClass: data.withoutClass,
      negativesOnly: data.negativesOnly,
      tripletsLeftOut: data.tripletsLeftOut,
      ...(loaded === undefined ? {} : { weights: loaded }),
      ...(pretraining === undefined ? {} : { pretraining }),
    };
    if (pretraining?.outcome.ended === 'interrupted') {
      const { weights: _, ...outcome } = pretraining.outcome;
      const nothing = { evaluation: undefined, baselines: [], calibration: undefined, findings: [] };
      return { ...facts, outcome, ...nothing, finished: false };
    }
    const features = await trunkFeatureTable(plan, engine, options);
    const doctor = await TrainingDoctor.start(run, plan, options.material.dataset, options.onEvent);
    const { weights, ...outcome } = await train({
      plan: features === undefined ? toRank : { ...toRank, data: { ...data, features } },
      run,
      engine,
      resume: options.resume ?? false,
      signal: options.signal,
      onStart: doctor.begin,
      onEvent: doctor.event,
      checkpointSeconds: options.checkpointSeconds,
    });
    // Only now is it sure that they are the pictures that the run was started with.
    if (options.resume === true) await rememberImages(run, options);
    const finished = outcome.ended !== 'interrupted';
    const evaluation = outcome.verdict?.report;
    let findings: Finding[] = [];
    let calibration: RunCalibration | undefined;
    let baselines: readonly NamedMeasures[] = [];
    if (!finished) findings = await doctor.interrupted();
    if (finished) {
      const description = describe(config, outcome, data.hash, evaluation, options);
      await writeModel(run.model, modelGraph(config, weights, plan.trunk), description);
      const embedder = await loadModel(run.model, { engine });
      try {
        calibration = await calibrateRun(embedder, config, data);
        ({ findings, baselines } = await writeRunReport({
          run,
          config,
          dataset: options.material.dataset,
          data,
          engine,
          embedder,
          doctor,
          trainingSeconds: outcome.seconds,
          evaluation,
          weightsStep: outcome.weightsStep,
          lastStep: outcome.step,
          notice: options.attribution ?? '',
        }));
      } finally {
        await embedder.close();
      }
      await disk?.remove();
    }
    return { ...facts, outcome, evaluation, baselines, calibration, findings, finished };
  } finally {
    await engine.close();
  }
}

async function rememberImages(run: RunFolder, { material }: TrainRunOptions): Promise<void> {
  if (material.location !== undefined) await recordRunImages(run, material.location);
}

async function newPlan(
  options: TrainRunOptions,
  disk: DiskPixels | undefined,
  loaded: LoadedWeights | undefined,
): Promise<TrainingPlan> {
  const planned = await planTraining(options.material.dataset, options.choices ?? {}, dataOptions(options, disk));
  const plan = withWeights(planned, loaded);
  return { ...plan, config: fitMemory(plan.config, options.memoryBytes, plan.trunk) };
}

async function startEngine({ engine: { threads, provider } }: TrainingConfig): Promise<BlockedEngine> {
  const providers = provider === 'cpu' ? ['cpu'] : [provider, 'cpu'];
  return BlockedEngine.over(await WorkerEngine.create({ threads, providers }));
}

/** The plan with what the machine's convolutions are like. */
function withBlock(plan: TrainingPlan, convolutionBlock: number): TrainingPlan {
  return { ...plan, config: { ...plan.config, engine: { ...plan.config.engine, convolutionBlock } } };
}

function warnOfOtherMachine({ engine }: TrainingConfig, block: number, { onEvent }: TrainRunOptions): void {
  if (engine.convolutionBlock === block) return;
  onEvent?.({
    kind: 'warning',
    message: `the run was started where convolutions have blocks of ${engine.convolutionBlock} channels, here they have ${block}: it goes on, but not bit for bit as it would have there`,
  });
}

async function resumedPlan(
  options: TrainRunOptions,
  run: RunFolder,
  config: TrainingConfig,
  disk: DiskPixels | undefined,
): Promise<TrainingPlan> {
  const trunk = await readTrunk(run.backbone, config.network);
  const data = await prepareData(options.material.dataset, config, dataOptions(options, disk));
  const initial = (await exists(run.checkpoint)) ? undefined : await reloadedWeights(config);
  return {
    config,
    data,
    ...(trunk === undefined ? {} : { trunk }),
    ...(initial === undefined ? {} : { initial }),
  };
}

/** The softmax pre-training, if the run has one and the ranking has not begun yet. */
async function pretrained(
  plan: TrainingPlan,
  run: RunFolder,
  engine: BlockedEngine,
  { signal, checkpointSeconds, onPretraining }: TrainRunOptions,
): Promise<Pretraining | undefined> {
  if (plan.config.pretraining === undefined || (await exists(run.checkpoint))) return undefined;
  return pretrain({
    plan,
    run,
    engine,
    ...(signal === undefined ? {} : { signal }),
    ...(checkpointSeconds === undefined ? {} : { checkpointSeconds }),
    ...(onPretraining === undefined ? {} : { onEvent: onPretraining }),
  });
}

const originOf = ({ triplets }: TrainingMaterial) => (triplets === undefined ? 'classes' : 'listed');

/** What a frozen trunk makes of the pictures, where it is computed before training. */
async function trunkFeatureTable(
  { config, data, trunk }: TrainingPlan,
  engine: BlockedEngine,
  { featureCache, signal, onFeatures, onEvent }: TrainRunOptions,
): Promise<FeatureTable | undefined> {
  if (trunk?.config.cached !== true) return undefined;
  const { table } = await frozenFeatures(engine, config, trunk, data, {
    ...(featureCache === undefined ? {} : { cache: featureCache }),
    ...(signal === undefined ? {} : { signal }),
    ...(onFeatures === undefined ? {} : { onProgress: onFeatures }),
    onWarning: (message) => onEvent?.({ kind: 'warning', message }),
  });
  return table;
}

/** What memory has no room for goes to disk; undefined if nothing may. */
function diskPixels(
  { diskCacheBytes = trainingDefaults.diskCacheBytes, keptPixels }: TrainRunOptions,
  run: RunFolder,
): DiskPixels | undefined {
  if (diskCacheBytes === 0) return undefined;
  const keep = keptPixels !== undefined;
  return new DiskPixels({ folder: keptPixels ?? run.pixels, keep, budgetBytes: diskCacheBytes });
}

function dataOptions(
  { material, cacheBytes = trainingDefaults.cacheBytes, pictureLimits, onScan, signal }: TrainRunOptions,
  disk: DiskPixels | undefined,
): DataOptions {
  return {
    cacheBytes,
    pictureLimits,
    embedByModel,
    ...(disk === undefined ? {} : { disk }),
    ...(signal === undefined ? {} : { signal }),
    ...(material.triplets === undefined ? {} : { triplets: material.triplets }),
    ...(onScan === undefined ? {} : { onProgress: onScan }),
  };
}

function describe(
  config: TrainingConfig,
  { step, weightsStep }: Pick<TrainOutcome, 'step' | 'weightsStep'>,
  dataHash: string,
  evaluation: EvaluationReport | TripletReport | undefined,
  { description, attribution }: TrainRunOptions,
): ModelDescription {
  return {
    description:
      description ??
      `Trained with the preset ${config.preset} for ${step} steps${weightsStep === step ? '' : `; the state after step ${weightsStep} is kept`}.`,
    attribution: attribution ?? '',
    preprocessing: config.preprocessing,
    distance: 'euclidean',
    embeddingBatch: config.network.backbone.startsWith('vgg16') ? 4 : 16,
    network: config.network,
    training: config,
    seed: config.seed,
    dataHash,
    evaluation: evaluation ?? {},
  };
}
