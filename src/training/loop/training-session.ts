import { AppendLog } from '../../foundation/files/append-log.ts';
import { isJsonObject, type JsonValue } from '../../foundation/files/json-value.ts';
import { learningRateFactor } from '../../ranking/optimizers/learning-rate-schedule.ts';
import type { ScheduleTable } from '../../ranking/optimizers/schedules/schedule-table.ts';
import { choiceTables } from '../configuration/choice-tables.ts';
import { BatchLoader } from '../data/batch-loader.ts';
import { type BatchSourceState, batchSource } from '../data/batch-source.ts';
import { type WarpingThread, warpingThreadFor } from '../data/warping-thread.ts';
import { Trainer } from '../step/trainer.ts';
import { type BestState, readBest, removeOtherBest, writeBest } from './best-weights.ts';
import { writeCheckpoint } from './checkpoint.ts';
import { evaluateHeldOut, type HeldOutEvaluation } from './evaluate-held-out.ts';
import { noSums, ProgressMeter } from './progress-meter.ts';
import type { RunProgress } from './run-progress.ts';
import { requireSameData } from './same-data.ts';
import { readSavedLog, readSavedRun } from './saved-run.ts';
import type { TrainOptions, TrainOutcome } from './train-options.ts';
import { TrainingHealth } from './training-health.ts';

/** What was opened for a session. */
interface Opened {
  readonly trainer: Trainer;
  readonly log: AppendLog;
  readonly loader: BatchLoader;
  /** Moves half of the loader's pixels. */
  readonly warping: WarpingThread | undefined;
  readonly progress: RunProgress;
  /** The best evaluation that the checkpoint on disk names. */
  readonly savedBest: BestState | null;
}

const schedulesOf = ({ tables = choiceTables }: TrainOptions): ScheduleTable => tables.schedules;

/** One sitting of a run: from its start or its checkpoint to its end or an interruption. */
export class TrainingSession {
  readonly #options: TrainOptions;
  readonly #trainer: Trainer;
  readonly #log: AppendLog;
  readonly #loader: BatchLoader;
  readonly #warping: WarpingThread | undefined;
  readonly #health: TrainingHealth;
  readonly #schedules: ScheduleTable;
  readonly #meter: ProgressMeter;
  #progress: RunProgress;
  #savedBest: BestState | null;
  #savedAt = performance.now();
  #evaluated: { readonly step: number; readonly evaluation: HeldOutEvaluation | undefined } | undefined;

  private constructor(options: TrainOptions, { trainer, log, loader, warping, progress, savedBest }: Opened) {
    const { config } = options.plan;
    this.#options = options;
    this.#trainer = trainer;
    this.#log = log;
    this.#loader = loader;
    this.#warping = warping;
    this.#progress = progress;
    this.#savedBest = savedBest;
    this.#schedules = schedulesOf(options);
    this.#health = new TrainingHealth(config, trainer.loss.collapsedValue);
    this.#meter = new ProgressMeter(config, progress);
  }

  /**
   * Opens a session: looks at all that a resumed run needs, calls `onStart`, and only then changes anything in the folder.
   *
   * @throws if the run cannot go on: other pictures, a damaged checkpoint, damaged best weights or a damaged log, a checkpoint
   * of another configuration. What was prepared in the engine is then released.
   */
  static async open(options: TrainOptions): Promise<TrainingSession> {
    const { plan, run, engine } = options;
    const { config, data } = plan;
    // Refused here rather than at the first step.
    schedulesOf(options).of(config.schedule);
    const saved = options.resume ? await readSavedRun(run, options.keep) : undefined;
    if (saved !== undefined) requireSameData(run, config, data, saved.progress.dataHash);
    const trainer = await Trainer.create(
      engine,
      config,
      saved?.checkpoint.tensors,
      plan.trunk,
      plan.initial,
      options.tables,
    );
    try {
      const state = saved?.progress.source as BatchSourceState | undefined;
      const source = batchSource(data.material, config.batch, config.seed, state);
      const progress = saved?.progress ?? initialProgress(data.hash, source.state);
      await readSavedLog(run);
      await options.onStart?.();
      if (saved?.bestLost === true) warnOfLostBest(options, progress.step);
      const log = await AppendLog.open(run.log);
      try {
        await log.truncateAfter((line) => stepOf(line) <= progress.step);
        const warping = warpingThreadFor(config);
        const loader = new BatchLoader(config, data, source, warping?.warp);
        return new TrainingSession(options, { trainer, log, loader, warping, progress, savedBest: progress.best });
      } catch (error) {
        await log.close();
        throw error;
      }
    } catch (error) {
      await trainer.close();
      throw error;
    }
  }

  /** Takes the steps that are left, evaluating on the way, until the end, early stopping or an abort; then saves. */
  async takeSteps(): Promise<void> {
    const { plan, signal, checkpointSeconds = 30 } = this.#options;
    const { steps, evaluateEvery } = plan.config;
    while (this.#progress.step < steps && !this.#progress.stoppedEarly && signal?.aborted !== true) {
      await this.#takeStep();
      const { step } = this.#progress;
      if (step % evaluateEvery === 0 || step === steps) await this.#evaluate();
      if (performance.now() - this.#savedAt > 1000 * checkpointSeconds) await this.#save();
    }
    await this.#save();
  }

  /** What the run has come to. Of a run at its end the network has the weights that are kept, and they are judged. */
  async finish(): Promise<TrainOutcome> {
    const { plan, engine } = this.#options;
    const { step, images, seconds, stoppedEarly } = this.#progress;
    const done = step >= plan.config.steps || stoppedEarly;
    const weightsStep = done ? await this.#keep() : step;
    // A run that had been at its end before, or that went back to its best weights, has to be judged (again).
    if (done && this.#evaluated?.step !== weightsStep) {
      this.#evaluated = { step: weightsStep, evaluation: await evaluateHeldOut(this.#trainer, plan.data, engine) };
    }
    return {
      ended: stoppedEarly ? 'stopped-early' : done ? 'completed' : 'interrupted',
      step,
      images,
      seconds,
      loaderImagesPerSecond: this.#loader.imagesPerSecond,
      weights: await this.#trainer.weights(),
      weightsStep,
      evaluation: done ? this.#evaluated?.evaluation : undefined,
      parameterCount: this.#trainer.parameterCount,
    };
  }

  /** Closes the log and releases what the engine holds. */
  async close(): Promise<void> {
    try {
      await this.#warping?.close();
      await this.#log.close();
    } finally {
      await this.#trainer.close();
    }
  }

  /** Closes: `await using` does it at the end of a block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #takeStep(): Promise<void> {
    const { config } = this.#options.plan;
    const step = this.#progress.step + 1;
    const share = learningRateFactor(config.schedule, step, config.steps, this.#schedules);
    const learningRate = config.learningRate * share;
    const started = performance.now();
    const { batch, sourceState } = await this.#loader.take(step);
    const result = await this.#trainer.step(batch, step, learningRate);
    this.#health.check(result, step);
    const seconds = this.#progress.seconds + (performance.now() - started) / 1000;
    const entry = this.#meter.record(step, learningRate, result, seconds, this.#loader.seconds);
    this.#options.onEvent?.({ kind: 'step', progress: entry });
    if (this.#meter.endLine(step)) await this.#log.append({ kind: 'step', ...entry });
    const images = this.#progress.images + this.#trainer.rows;
    this.#progress = { ...this.#progress, step, seconds, images, source: sourceState, sums: this.#meter.sums };
  }

  async #evaluate(): Promise<void> {
    const { plan, run, engine, keep = 'best', onEvent } = this.#options;
    const { step, best: before, sinceBest } = this.#progress;
    const evaluation = await evaluateHeldOut(this.#trainer, plan.data, engine);
    this.#evaluated = { step, evaluation };
    if (evaluation === undefined) return;
    const { score } = evaluation;
    const better = before === null || score > before.score;
    let best = before;
    if (better) {
      best = keep === 'last' ? { step, score } : await writeBest(run, step, score, await this.#trainer.weights());
      await removeOtherBest(run, [this.#savedBest, best]);
    }
    const since = better ? 0 : sinceBest + 1;
    const { patience } = plan.config;
    const stoppedEarly = patience !== null && since >= patience;
    this.#progress = { ...this.#progress, best, sinceBest: since, stoppedEarly };
    await this.#log.append(
      { kind: 'evaluation', step, score, report: evaluation.report as JsonValue },
      { flush: true },
    );
    onEvent?.({ kind: 'evaluation', step, evaluation, best: better });
  }

  async #save(): Promise<void> {
    const { run, onEvent } = this.#options;
    const progress = this.#progress;
    const { step } = progress;
    // Whatever the checkpoint has behind it must be in the log, even if the power goes.
    await this.#log.flush();
    await writeCheckpoint(run.checkpoint, {
      step,
      tensors: await this.#trainer.snapshot(),
      state: { ...progress },
    });
    this.#savedBest = progress.best;
    await removeOtherBest(run, [progress.best]);
    this.#savedAt = performance.now();
    onEvent?.({ kind: 'checkpoint', step });
  }

  /** Puts the weights that are kept into the network, notes in the log which they are, and returns their step. */
  async #keep(): Promise<number> {
    const { run, keep = 'best' } = this.#options;
    const { step: last, best } = this.#progress;
    const step = keep === 'last' || best === null ? last : best.step;
    if (best !== null && step !== last) await this.#trainer.load(await readBest(run, best));
    const line = { kind: 'kept', step, of: last };
    const known = (await this.#log.read()).some((other) => isJsonObject(other) && other['kind'] === 'kept');
    if (!known) await this.#log.append(line, { flush: true });
    return step;
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

function warnOfLostBest({ onEvent }: TrainOptions, step: number): void {
  onEvent?.({
    kind: 'warning',
    message: `the run was started by an earlier version, which did not keep the weights of its best evaluation: from step ${step} on the best is counted anew`,
  });
}

const stepOf = (line: JsonValue): number => (isJsonObject(line) && typeof line['step'] === 'number' ? line['step'] : 0);
