import type { TrainingConfig } from '../configuration/training-config.ts';
import type { EvaluationLine } from '../loop/training-log.ts';
import type { Finding } from './finding.ts';
import { measureText } from './share-text.ts';

/** Evaluations since the best one that make a plateau, and the share of the run that they have to be, at least. */
const plateau = { evaluations: 3, share: 0.5 } as const;
/** The last part of a run in which it is looked for a rise, and how large that has to be: as a share of the last score, and at least. */
const rise = { part: 1 / 3, share: 0.05, least: 0.005 } as const;
/** There is nothing left to gain from here on. */
const perfect = 0.999;

const names = { mapAtR: 'MAP@R', similarityPrecision: 'Similarity precision' } as const;

/**
 * Plateau: the later part of a run made the measure of the held-out pictures no better.
 *
 * Criterion: at its end, three evaluations or more and half of the run's steps lie behind the best evaluation. A best score of
 * 99.9% or more is no plateau but the end of the road.
 *
 * @param evaluations of a run at its end, in their order.
 */
export function findPlateau(_: TrainingConfig, evaluations: readonly EvaluationLine[]): Finding | undefined {
  const last = evaluations.at(-1);
  if (last === undefined) return undefined;
  const best = bestOf(evaluations);
  const later = evaluations.filter(({ step }) => step > best.step);
  if (later.length < plateau.evaluations || best.step > (1 - plateau.share) * last.step) return undefined;
  if (best.score.value >= perfect) return undefined;
  const most = bestOf(later);
  return {
    kind: 'plateau',
    title: 'Plateau',
    seen: `${names[best.measure]} of the held-out pictures was best at step ${best.step}, ${measureText(best.score.value)}; the ${later.length} evaluations behind it reached ${measureText(most.score.value)} at most, and the last, at step ${last.step}, ${measureText(last.score.value)}.`,
    meaning: `What was learnt after step ${best.step} helped the pictures that are trained on, not others; the state after step ${best.step} is the one that is kept.`,
    remedy: `More steps alone will not help. Pictures of more classes will; so may a lower choices.learningRate, stronger choices.augmentation or a larger choices.weightDecay. choices.steps: ${Math.max(1, 2 * best.step)} would do for the same.`,
    numbers: {
      step: best.step,
      score: best.score.value,
      evaluationsSince: later.length,
      lastStep: last.step,
      lastScore: last.score.value,
    },
    images: [],
  };
}

/**
 * Still improving: a run ended while the measure of its held-out pictures was rising. The usual number of steps follows the
 * number of pictures (a preset has epochs), and not what there is to learn.
 *
 * Criterion: three evaluations or more, the last is the best, and over the last third of the steps the measure rose by 5% of
 * itself and half a point.
 *
 * @param evaluations of a run that took all its steps, in their order.
 */
export function findStillImproving(
  { steps, stepsPerEpoch }: TrainingConfig,
  evaluations: readonly EvaluationLine[],
): Finding | undefined {
  const last = evaluations.at(-1);
  if (last === undefined || last.step < steps || evaluations.length < 3) return undefined;
  const before = evaluations.filter(({ step }) => step <= (1 - rise.part) * steps).at(-1);
  if (before === undefined || bestOf(evaluations) !== last) return undefined;
  const gain = last.score.value - before.score.value;
  if (gain < Math.max(rise.least, rise.share * last.score.value)) return undefined;
  return {
    kind: 'still-improving',
    title: 'Still improving at the end',
    seen: `${names[last.measure]} of the held-out pictures rose from ${measureText(before.score.value)} at step ${before.step} to ${measureText(last.score.value)} at step ${last.step}, the last.`,
    meaning: `The run ended before it had learnt what there is to learn: ${steps} steps are ${Number((steps / stepsPerEpoch).toPrecision(2))} epochs of these pictures. Unless it is told, a run takes the epochs of its preset, so that few pictures get few steps.`,
    remedy: `Train anew with more steps: choices.steps: ${2 * steps}.`,
    numbers: { step: last.step, score: last.score.value, earlierStep: before.step, earlierScore: before.score.value },
    images: [],
  };
}

/** The best evaluation, the first of equal ones. */
function bestOf(evaluations: readonly EvaluationLine[]): EvaluationLine {
  return evaluations.reduce((best, line) => (line.score.value > best.score.value ? line : best));
}
