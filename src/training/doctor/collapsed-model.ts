import type { TrainingConfig } from '../configuration/training-config.ts';
import { collapsedLoss } from './collapsed-loss.ts';
import type { Finding } from './finding.ts';

/**
 * Variance of embeddings below which they count as nearly equal: for a loss that has a value of its own when all embeddings are
 * equal, and for the others, whose embeddings may be near to each other and yet in order.
 */
export const collapsedSpread = { known: 0.05, unknown: 0.01 } as const;

/**
 * The spread of embeddings of length 1: their variance, `1 - |mean|^2`, 0 when all are equal, near 1 when they fill the sphere.
 *
 * @param embeddings one row of `dimension` numbers a picture. NaN without any.
 */
export function spreadOf(embeddings: Float32Array, dimension: number): number {
  const rows = embeddings.length / dimension;
  let squared = 0;
  for (let place = 0; place < dimension; place++) {
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += embeddings[row * dimension + place];
    squared += (sum / rows) ** 2;
  }
  return Math.max(0, 1 - squared);
}

/** True if a spread is that of a collapsed network. */
export function isCollapsed(config: Pick<TrainingConfig, 'loss' | 'batch'>, spread: number): boolean {
  return spread < (collapsedLoss(config) === undefined ? collapsedSpread.unknown : collapsedSpread.known);
}

/**
 * Collapse of the model that is kept, whatever the course of the run: its embeddings of the pictures are nearly equal.
 *
 * Criterion: their variance is below 0.05; for losses that have no value of their own at collapse, below 0.01.
 *
 * @param spread of the embeddings of `images` pictures, see `spreadOf`.
 */
export function findCollapsedModel(config: TrainingConfig, spread: number, images: number): Finding | undefined {
  if (images < 2 || !isCollapsed(config, spread)) return undefined;
  return {
    kind: 'collapse',
    title: 'Collapsed model',
    seen: `The variance of the model's embeddings of ${images} pictures is ${Number(spread.toPrecision(2))} of 1: random weights give 0.1 to 0.4, learnt ones 0.8 to 1.`,
    meaning:
      'The model gives every picture nearly the same embedding: distances say next to nothing, and it is not calibrated.',
    remedy: `Start again with a lower choices.learningRate (now ${config.learningRate}), with a longer choices.warmup, or with more choices.steps (now ${config.steps}).`,
    numbers: { spread, images },
    images: [],
  };
}
