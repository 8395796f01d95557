import type { StepResult } from './trainer.ts';
import { rowsOf, type TrainingConfig } from './training-config.ts';

/** One moment of a run, for a progress bar. */
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
  readonly imagesPerSecond: number;
  /** Seconds spent on steps so far, and those still to come at this rate. */
  readonly seconds: number;
  readonly secondsLeft: number;
}

/** Log lines of a whole run. */
const linesPerRun = 200;

/** Averages steps into log lines, and knows how fast the run goes. */
export class ProgressMeter {
  readonly #config: TrainingConfig;
  readonly #every: number;
  #results: StepResult[] = [];
  #latest: TrainingProgress | undefined;
  /** Steps and seconds when the rate began to be measured: a few steps ago. */
  #window: { readonly step: number; readonly seconds: number }[] = [];

  constructor(config: TrainingConfig, seconds: number) {
    this.#config = config;
    this.#every = Math.max(1, Math.round(config.steps / linesPerRun));
    this.#window.push({ step: -1, seconds });
  }

  /** Takes a step's result; `seconds` are all seconds spent on steps. */
  record(step: number, learningRate: number, result: StepResult, seconds: number): TrainingProgress {
    const { steps, stepsPerEpoch, batch } = this.#config;
    if (this.#window[0].step < 0) this.#window[0] = { step: step - 1, seconds: this.#window[0].seconds };
    this.#window.push({ step, seconds });
    if (this.#window.length > 20) this.#window.shift();
    this.#results.push(result);
    const [first] = this.#window;
    const secondsPerStep = (seconds - first.seconds) / (step - first.step);
    const mean = (key: keyof StepResult) =>
      this.#results.reduce((sum, one) => sum + one[key], 0) / this.#results.length;
    this.#latest = {
      step,
      steps,
      epoch: step / stepsPerEpoch,
      loss: mean('loss'),
      activeShare: mean('activeShare'),
      spread: mean('spread'),
      gradientNorm: mean('gradientNorm'),
      learningRate,
      images: step * rowsOf(batch),
      imagesPerSecond: rowsOf(batch) / secondsPerStep,
      seconds,
      secondsLeft: (steps - step) * secondsPerStep,
    };
    return this.#latest;
  }

  /** True if a log line is due after this step. */
  due(step: number): boolean {
    return step % this.#every === 0 || step === this.#config.steps;
  }

  /** The line; averaging starts anew. */
  summary(): TrainingProgress {
    if (this.#latest === undefined) throw new Error('there is no step to sum up yet');
    this.#results = [];
    return this.#latest;
  }
}
