import { rowsOf } from '../configuration/step/batch-config.ts';
import type { TrainingConfig } from '../configuration/training-config.ts';
import type { StepResult } from '../step/trainer.ts';

/** One moment of a run, for a progress bar and the log. */
export interface TrainingProgress {
  readonly step: number;
  readonly steps: number;
  readonly epoch: number;
  /** Means over the steps since the last log line. */
  readonly loss: number;
  readonly activeShare: number;
  readonly spread: number;
  readonly gradientNorm: number;
  readonly learningRate: number;
  /** Images through the network so far. */
  readonly images: number;
  /** Over the last few steps. */
  readonly imagesPerSecond: number;
  /** What the loader of batches could deliver to an engine that takes no time, over the same steps. */
  readonly loaderImagesPerSecond: number;
  /** Seconds spent on steps so far, and those still to come at this rate. */
  readonly seconds: number;
  readonly secondsLeft: number;
}

/** What has been added up since the last log line; a checkpoint carries it, so that a resumed run logs the same means. */
export interface MeterSums extends StepResult {
  readonly steps: number;
}

/** The sums right behind a log line. */
export const noSums: MeterSums = { steps: 0, loss: 0, activeShare: 0, spread: 0, gradientNorm: 0 };

/** Log lines of a whole run. */
const linesPerRun = 200;
/** Steps between two log lines of a run of so many steps. */
export const stepsPerLine = (steps: number): number => Math.max(1, Math.round(steps / linesPerRun));

/** Steps over which the rate is measured. */
const rateSteps = 20;

/** Averages steps into log lines, and knows how fast the run goes. */
export class ProgressMeter {
  readonly #config: TrainingConfig;
  readonly #every: number;
  #sums: MeterSums;
  /** The last few steps, and the seconds spent when each was done. */
  readonly #window: { readonly step: number; readonly seconds: number; readonly loaderSeconds: number }[];

  /** `start`: the step that the run stands at, the seconds spent so far, and the sums since the last log line. */
  constructor(
    config: TrainingConfig,
    start: { readonly step: number; readonly seconds: number; readonly sums: MeterSums },
  ) {
    this.#config = config;
    this.#every = stepsPerLine(config.steps);
    this.#sums = start.sums;
    this.#window = [{ step: start.step, seconds: start.seconds, loaderSeconds: 0 }];
  }

  /**
   * Takes a step's result; `seconds` are all seconds spent on steps, `loaderSeconds` those that the loader took for its
   * batches since this meter was made.
   */
  record(
    step: number,
    learningRate: number,
    result: StepResult,
    seconds: number,
    loaderSeconds: number,
  ): TrainingProgress {
    const { steps, stepsPerEpoch, batch } = this.#config;
    this.#window.push({ step, seconds, loaderSeconds });
    if (this.#window.length > rateSteps) this.#window.shift();
    const [first] = this.#window;
    const secondsPerStep = (seconds - first.seconds) / (step - first.step);
    this.#sums = added(this.#sums, result);
    const { steps: count, ...totals } = this.#sums;
    return {
      step,
      steps,
      epoch: step / stepsPerEpoch,
      loss: totals.loss / count,
      activeShare: totals.activeShare / count,
      spread: totals.spread / count,
      gradientNorm: totals.gradientNorm / count,
      learningRate,
      images: step * rowsOf(batch),
      imagesPerSecond: rowsOf(batch) / secondsPerStep,
      loaderImagesPerSecond:
        (rowsOf(batch) * (step - first.step)) / Math.max(loaderSeconds - first.loaderSeconds, 1e-6),
      seconds,
      secondsLeft: (steps - step) * secondsPerStep,
    };
  }

  /** True if a log line is due after this step; what is recorded from then on belongs to the next line. */
  endLine(step: number): boolean {
    if (step % this.#every !== 0 && step !== this.#config.steps) return false;
    this.#sums = noSums;
    return true;
  }

  /** What has been added up since the last log line. */
  get sums(): MeterSums {
    return this.#sums;
  }
}

function added(sums: MeterSums, result: StepResult): MeterSums {
  return {
    steps: sums.steps + 1,
    loss: sums.loss + result.loss,
    activeShare: sums.activeShare + result.activeShare,
    spread: sums.spread + result.spread,
    gradientNorm: sums.gradientNorm + result.gradientNorm,
  };
}
