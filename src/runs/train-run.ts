import { writeModel } from '../embedding/model-file.ts';
import type { ModelDescription } from '../embedding/model-metadata.ts';
import { BlockedEngine } from '../engines/blocked-engine.ts';
import { WorkerEngine } from '../engines/worker-engine.ts';
import type { EvaluationReport, TripletReport } from '../evaluation/evaluation-report.ts';
import type { UnreadableImage } from '../images/pixel-cache.ts';
import { modelGraph } from '../training/network-graphs.ts';
import { planTraining, type TrainingPlan } from '../training/plan-training.ts';
import {
  makeRunFolder,
  type RunFolder,
  readRunConfig,
  refuseRun,
  runFolder,
  startRun,
} from '../training/run-folder.ts';
import { type TrainingEvent, type TrainOutcome, train } from '../training/train.ts';
import type { TrainingChoices } from '../training/training-choices.ts';
import type { TrainingConfig } from '../training/training-config.ts';
import { type DataOptions, prepareData } from '../training/training-data.ts';
import { fitMemory } from './fit-memory.ts';
import type { TrainingMaterial } from './training-material.ts';
import { writeRunReport } from './write-run-report.ts';

export interface TrainRunOptions {
  readonly material: TrainingMaterial;
  /** Where the run's files go. */
  readonly folder: string;
  /** What the user decides of a new run. */
  readonly choices: TrainingChoices;
  /** Go on with the run in `folder`, whose own configuration then counts. Default: false. */
  readonly resume?: boolean;
  /** Bytes a step may take; more means fewer rows at once. Default: no limit. */
  readonly memoryBytes?: number;
  /** Bytes of prepared pixels that are remembered. Default: 1 GiB. */
  readonly cacheBytes?: number;
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
  readonly onPlan?: (plan: TrainingPlan, run: RunFolder) => void;
  readonly onEvent?: (event: TrainingEvent) => void;
}

/** What a run has come to. */
export interface TrainRunResult {
  readonly run: RunFolder;
  readonly config: TrainingConfig;
  readonly outcome: Omit<TrainOutcome, 'weights'>;
  /** On the pictures that were kept from training; undefined if none were. */
  readonly evaluation: EvaluationReport | TripletReport | undefined;
  /** SHA-256 over the training pictures. */
  readonly dataHash: string;
  readonly unreadable: readonly UnreadableImage[];
  /** Images of no class, which were left out. */
  readonly withoutClass: number;
  /** Images that give negatives only. */
  readonly negativesOnly: number;
  /** Listed triplets that were left out; see `TrainingData`. */
  readonly tripletsLeftOut: number;
  /** True once `model.onnx` is there: not after an interruption. */
  readonly finished: boolean;
}

/**
 * Trains a network from pictures to a model file: looks at the pictures, completes the configuration, trains in a thread of
 * its own, and writes `model.onnx`. An interrupted run has its checkpoint and no model yet; `resume` goes on with it.
 *
 * @throws if the folder holds a run and `resume` is false, or holds none and it is true; as `planTraining` and `train` do.
 */
export async function trainRun(options: TrainRunOptions): Promise<TrainRunResult> {
  const run = runFolder(options.folder);
  const planned = options.resume === true ? await resumedPlan(options, run) : await newPlan(options, run);
  const { data } = planned;
  const engine = await startEngine(planned.config);
  try {
    const plan = options.resume === true ? planned : withBlock(planned, engine.block);
    const { config } = plan;
    if (options.resume === true) warnOfOtherMachine(config, engine.block, options);
    else await startRun(run, config);
    options.onPlan?.(plan, run);
    const { weights, ...outcome } = await train({
      plan,
      run,
      engine,
      resume: options.resume ?? false,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      ...(options.onEvent === undefined ? {} : { onEvent: options.onEvent }),
      ...(options.checkpointSeconds === undefined ? {} : { checkpointSeconds: options.checkpointSeconds }),
    });
    const finished = outcome.ended !== 'interrupted';
    const evaluation = outcome.verdict?.report;
    if (finished) {
      const description = describe(config, outcome.weightsStep, data.hash, evaluation, options);
      await writeModel(run.model, modelGraph(config, weights), description);
      await writeRunReport(run, config, data.hash, evaluation, options.attribution ?? '');
    }
    return {
      run,
      config,
      outcome,
      evaluation,
      dataHash: data.hash,
      unreadable: data.unreadable,
      withoutClass: data.withoutClass,
      negativesOnly: data.negativesOnly,
      tripletsLeftOut: data.tripletsLeftOut,
      finished,
    };
  } finally {
    await engine.close();
  }
}

async function newPlan(options: TrainRunOptions, run: RunFolder): Promise<TrainingPlan> {
  // Said before an hour of looking at pictures, rather than after it.
  await refuseRun(run);
  await makeRunFolder(run);
  const plan = await planTraining(options.material.dataset, options.choices, dataOptions(options));
  return { ...plan, config: fitMemory(plan.config, options.memoryBytes) };
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

async function resumedPlan(options: TrainRunOptions, run: RunFolder): Promise<TrainingPlan> {
  const config = await readRunConfig(run);
  const data = await prepareData(options.material.dataset, config, dataOptions(options));
  return { config, data };
}

function dataOptions({ material, cacheBytes, onScan, signal }: TrainRunOptions): DataOptions {
  return {
    ...(signal === undefined ? {} : { signal }),
    ...(material.triplets === undefined ? {} : { triplets: material.triplets }),
    ...(cacheBytes === undefined ? {} : { cacheBytes }),
    ...(onScan === undefined ? {} : { onProgress: onScan }),
  };
}

function describe(
  config: TrainingConfig,
  steps: number,
  dataHash: string,
  evaluation: EvaluationReport | TripletReport | undefined,
  { description, attribution }: TrainRunOptions,
): ModelDescription {
  return {
    description: description ?? `Trained with the preset ${config.preset} for ${steps} steps.`,
    attribution: attribution ?? '',
    preprocessing: config.preprocessing,
    distance: 'euclidean',
    embeddingBatch: config.network.backbone === 'vgg16' ? 4 : 16,
    network: config.network,
    training: config,
    seed: config.seed,
    dataHash,
    evaluation: evaluation ?? {},
  };
}
