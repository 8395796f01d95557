import type { Engine } from '../engines/engine.ts';
import { AppendLog } from '../files/append-log.ts';
import type { JsonValue } from '../files/json-value.ts';
import { learningRateFactor } from '../optimizers/learning-rate-schedule.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { BatchLoader } from './batch-loader.ts';
import { type BatchSourceState, batchSource } from './batch-source.ts';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { judgeHeldOut, type Verdict } from './judge.ts';
import type { TrainingPlan } from './plan-training.ts';
import { noSums, ProgressMeter, type TrainingProgress } from './progress-meter.ts';
import type { RunFolder } from './run-folder.ts';
import { progressSchema, type RunProgress } from './run-progress.ts';
import { requireSameData } from './same-data.ts';
import { Trainer } from './trainer.ts';
import { TrainingHealth } from './training-health.ts';

/** What a run tells whoever watches it. */
export type TrainingEvent =
  | { readonly kind: 'step'; readonly progress: TrainingProgress }
  | { readonly kind: 'verdict'; readonly step: number; readonly verdict: Verdict; readonly best: boolean }
  | { readonly kind: 'checkpoint'; readonly step: number }
  | { readonly kind: 'warning'; readonly message: string };

export interface TrainOptions {
  readonly plan: TrainingPlan;
  readonly run: RunFolder;
  readonly engine: Engine;
  /** Continue from the run's checkpoint; from the start, if it has none yet. */
  readonly resume: boolean;
  /** Aborting finishes the step, writes a checkpoint and stops. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: TrainingEvent) => void;
  /** Seconds between checkpoints. Default 30. */
  readonly checkpointSeconds?: number;
}

export interface TrainOutcome {
  readonly ended: 'completed' | 'stopped-early' | 'interrupted';
  readonly step: number;
  readonly images: number;
  /** Seconds spent on steps, over all sessions of the run; evaluation and start-up not counted. */
  readonly seconds: number;
  /** What the loader of batches could have delivered alone in this session; undefined if it had nothing to do. */
  readonly loaderImagesPerSecond: number | undefined;
  /** Weights of the model: the best evaluated with early stopping, else the last. */
  readonly weights: ReadonlyMap<string, Tensor>;
  /** The step these weights are from. */
  readonly weightsStep: number;
  /** On these weights; undefined if nothing was held out, or if the run was interrupted. */
  readonly verdict: Verdict | undefined;
  readonly parameterCount: number;
}

/**
 * Runs a plan's steps to the end, to early stopping, or until aborted; evaluates the held-out part, logs, and writes
 * checkpoints, the last of them always before it returns. Killed at any moment it loses at most the steps since the last
 * checkpoint; resumed it does the very steps that the uninterrupted run would have done.
 *
 * @throws TrainingFailure when the run is lost; the checkpoint of the last good moment stays.
 */
export async function train(options: TrainOptions): Promise<TrainOutcome> {
  const { plan, run, engine } = options;
  const { config, data } = plan;
  const saved = options.resume ? await readSaved(run, plan) : undefined;
  const trainer = await Trainer.create(engine, config, saved?.checkpoint.tensors, plan.trunk, plan.initial);
  const log = await AppendLog.open(run.log);
  const source = batchSource(
    data.material,
    config.batch,
    config.seed,
    saved?.progress.source as BatchSourceState | undefined,
  );
  const loader = new BatchLoader(config, data, source);
  const health = new TrainingHealth(config, trainer.loss.collapsedValue);
  let progress: RunProgress = saved?.progress ?? initialProgress(data.hash, source.state);
  try {
    await log.truncateAfter((line) => stepOf(line) <= progress.step);
    const meter = new ProgressMeter(config, progress);
    let judged: { readonly step: number; readonly verdict: Verdict | undefined } | undefined;
    let savedAt = performance.now();
    const save = async () => {
      // Whatever the checkpoint has behind it must be in the log, even if the power goes.
      await log.flush();
      await writeCheckpoint(run.checkpoint, checkpointOf(progress, await trainer.snapshot()));
      savedAt = performance.now();
      options.onEvent?.({ kind: 'checkpoint', step: progress.step });
    };
    while (progress.step < config.steps && !progress.stoppedEarly && !options.signal?.aborted) {
      const step = progress.step + 1;
      const learningRate = config.learningRate * learningRateFactor(config.schedule, step, config.steps);
      const started = performance.now();
      const { batch, sourceState } = await loader.take(step);
      const result = await trainer.step(batch, step, learningRate);
      health.check(result, step);
      const seconds = progress.seconds + (performance.now() - started) / 1000;
      const entry = meter.record(step, learningRate, result, seconds, loader.seconds);
      options.onEvent?.({ kind: 'step', progress: entry });
      if (meter.endLine(step)) await log.append({ kind: 'step', ...entry });
      const { sums } = meter;
      progress = { ...progress, step, seconds, images: progress.images + trainer.rows, source: sourceState, sums };
      if (step % config.evaluateEvery === 0 || step === config.steps) {
        const verdict = await judgeHeldOut(trainer, data, engine);
        judged = { step, verdict };
        if (verdict !== undefined) {
          const best = progress.best === null || verdict.score > progress.best.score;
          if (best && config.patience !== null) {
            await writeCheckpoint(run.best, {
              step,
              tensors: await trainer.weights(),
              state: { score: verdict.score },
            });
          }
          progress = afterVerdict(progress, verdict.score, best, config.patience);
          await log.append(
            { kind: 'evaluation', step, score: verdict.score, report: verdict.report as JsonValue },
            { flush: true },
          );
          options.onEvent?.({ kind: 'verdict', step, verdict, best });
        }
      }
      if (performance.now() - savedAt > 1000 * (options.checkpointSeconds ?? 30)) await save();
    }
    await save();
    const done = progress.step >= config.steps || progress.stoppedEarly;
    let weightsStep = progress.step;
    if (done && config.patience !== null && progress.best !== null && progress.best.step !== progress.step) {
      const best = await readCheckpoint(run.best);
      await trainer.load(best.tensors);
      weightsStep = best.step;
    }
    // A run that had been at its end before, or that went back to its best weights, has to be judged (again).
    if (done && judged?.step !== weightsStep) {
      judged = { step: weightsStep, verdict: await judgeHeldOut(trainer, data, engine) };
    }
    return {
      ended: progress.stoppedEarly ? 'stopped-early' : done ? 'completed' : 'interrupted',
      step: progress.step,
      images: progress.images,
      seconds: progress.seconds,
      loaderImagesPerSecond: loader.imagesPerSecond,
      weights: await trainer.weights(),
      weightsStep,
      verdict: done ? judged?.verdict : undefined,
      parameterCount: trainer.parameterCount,
    };
  } finally {
    await log.close();
    await trainer.close();
  }
}

function initialProgress(dataHash: string, source: BatchSourceState): RunProgress {
  return {
    step: 0,
    images: 0,
    seconds: 0,
    dataHash,
    source,
    sums: noSums,
    best: null,
    sinceBest: 0,
    stoppedEarly: false,
  };
}

function afterVerdict(progress: RunProgress, score: number, best: boolean, patience: number | null): RunProgress {
  const sinceBest = best ? 0 : progress.sinceBest + 1;
  return {
    ...progress,
    best: best ? { step: progress.step, score } : progress.best,
    sinceBest,
    stoppedEarly: patience !== null && sinceBest >= patience,
  };
}

function checkpointOf(progress: RunProgress, tensors: Map<string, Tensor>): Checkpoint {
  return { step: progress.step, tensors, state: { ...progress } };
}

async function readSaved(run: RunFolder, { config, data }: TrainingPlan) {
  const checkpoint = await readCheckpoint(run.checkpoint).catch((error: unknown) => {
    if ((error as { cause?: { code?: string } }).cause?.code === 'ENOENT') return undefined;
    throw error;
  });
  if (checkpoint === undefined) return undefined;
  const parsed = progressSchema.safeParse(checkpoint.state);
  if (!parsed.success) {
    throw new Error(`'${run.checkpoint}' is no checkpoint of this version of lookalike: start a new run`);
  }
  requireSameData(run, config, data, parsed.data.dataHash);
  return { checkpoint, progress: parsed.data };
}

const stepOf = (line: JsonValue): number =>
  typeof line === 'object' && line !== null && 'step' in line && typeof line.step === 'number' ? line.step : 0;
