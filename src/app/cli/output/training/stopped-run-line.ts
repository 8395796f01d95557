import type { TrainOutcome } from '../../../../training/loop/train-options.ts';
import { errorLine } from '../error-line.ts';
import { shellQuoted } from '../shell-quoted.ts';

/** A run that a signal stopped, for the line that says how it goes on. */
export interface StoppedRun {
  /** Why it was stopped. */
  readonly reason: unknown;
  /** What it trains on, and its folder, as they were typed. */
  readonly images: string;
  readonly output: string;
}

const resuming = ({ images, output }: StoppedRun) =>
  `go on with: lookalike train ${shellQuoted(images)} -o ${shellQuoted(output)} --resume`;

/** What is said of a run that was stopped after a step, whose state is saved. */
export function stoppedAfterStep(
  run: StoppedRun,
  { step }: Pick<TrainOutcome, 'step'>,
  inPretraining: boolean,
): string {
  const phase = inPretraining ? ' of the pre-training' : '';
  return `${errorLine(run.reason)} after step ${step}${phase}, which is saved; ${resuming(run)}`;
}

/**
 * What is said of a run that was stopped before its first step.
 *
 * @param begun whether its folder has a configuration by now, so that it is resumed.
 * @param features whether pictures went through a frozen network, whose features are kept.
 */
export function stoppedBeforeSteps(run: StoppedRun, begun: boolean, features: boolean): string {
  const kept = features ? '; features of pictures that were computed are kept' : '';
  const next = begun ? resuming(run) : `the same command ${features ? 'goes on from them' : 'begins again'}`;
  return `${errorLine(run.reason)} before ${begun ? 'the first step' : 'the run had begun'}${kept}; ${next}`;
}
