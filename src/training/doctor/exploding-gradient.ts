import type { TrainingConfig } from '../configuration/training-config.ts';
import type { StepLine } from '../loop/training-log.ts';
import type { Finding } from './finding.ts';

/** Lines of the log at the start that say what a usual gradient is. */
const firstLines = 5;
/** A gradient this many times the usual one has exploded. */
const explosion = 25;

/**
 * Exploding gradient: the norm of the gradient becomes many times what it was.
 *
 * Criterion: a logged norm is 25 times the usual one or more, which is the larger of the median of all lines before it and the
 * median of the first five: a gradient that has faded because nothing is left to learn may come back without alarm. Not judged
 * with `clipNorm`, which bounds each step already.
 */
export function findExplodingGradient(config: TrainingConfig, steps: readonly StepLine[]): Finding | undefined {
  if (config.clipNorm !== null || steps.length <= firstLines) return undefined;
  const norms = steps.map(({ gradientNorm }) => gradientNorm);
  const atFirst = median(norms.slice(0, firstLines));
  for (let line = firstLines; line < steps.length; line++) {
    const usual = Math.max(atFirst, median(norms.slice(0, line)));
    if (!(usual > 0) || norms[line] < explosion * usual) continue;
    const { step, loss } = steps[line];
    const before = steps[line - 1];
    const clip = roundUp(2 * usual);
    return {
      kind: 'exploding-gradient',
      title: 'Exploding gradient',
      seen: `Up to step ${step} the gradient's norm rose to ${norms[line].toPrecision(3)}, ${Math.round(norms[line] / usual)} times its usual ${usual.toPrecision(3)}; the loss went from ${before.loss.toPrecision(3)} to ${loss.toPrecision(3)}.`,
      meaning: 'A step this long throws the weights far from where they were; what was learnt may be lost.',
      remedy: `Start again with choices.clipNorm: ${clip}, or with a lower choices.learningRate (now ${config.learningRate}) or a longer choices.warmup (now ${config.schedule.warmup}).`,
      numbers: { step, gradientNorm: norms[line], usualNorm: usual, lossBefore: before.loss, loss },
      images: [],
    };
  }
  return undefined;
}

/** The middle value; of an even number the lower one. */
function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[(values.length - 1) >> 1];
}

/** Up to one digit: 2.3 is 3, 0.012 is 0.02. */
function roundUp(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(value));
  return Number((Math.ceil(value / unit) * unit).toPrecision(1));
}
