import type { Engine } from '../../engines/engine.ts';
import { throwIfAborted } from '../../foundation/errors/abort-error.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import type { Matrix } from '../../ranking/closed-forms/matrix.ts';
import type { LossConfig } from '../../ranking/losses/loss-table.ts';
import { learningRateFactor } from '../../ranking/optimizers/learning-rate-schedule.ts';
import { ImagesByClass } from '../../ranking/triplets/images-by-class.ts';
import { ClassBatches } from '../../ranking/triplets/samplers/class-batches.ts';
import { makeLoss } from '../configuration/make-loss.ts';
import { type HeadPart, HeadSteps } from './head-steps.ts';

/** How a head is trained. */
export interface HeadTraining {
  readonly learningRate: number;
  readonly steps: number;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  /** Hears of each step, counted from 1, and its loss; the next one waits for it. */
  readonly onStep?: ((step: number, loss: number) => void | Promise<void>) | undefined;
}

/** Supervised contrastive loss, AdamW without decay, a cosine behind a warm-up of a tenth; up to 30 classes by 4 pictures a step. */
const loss: LossConfig = { kind: 'supcon', temperature: 0.1 };
const asked = { batch: 120, imagesPerClass: 4 } as const;
/** How the learning rate goes. */
export const headSchedule = { kind: 'cosine', warmup: 0.1, every: 1, factor: 1 } as const;

/**
 * Trains a square map of each part, which begins as the identity: `e = [sqrt(share) M x / |M x|, ...]`, so that nothing is lost
 * before the first step. What stands before a part may be merged with its map, for lengths do not matter.
 *
 * Source: Khosla et al. 2020 (the loss); a head that begins as the identity: Wortsman et al. 2022, section 3.
 *
 * @param labels the class of each picture.
 * @returns the map of each part, [dimension, dimension].
 * @throws AbortError if it was aborted.
 */
export async function trainHead(
  engine: Engine,
  parts: readonly HeadPart[],
  labels: readonly number[],
  { learningRate, steps, seed, signal, onStep }: HeadTraining,
): Promise<Matrix[]> {
  const source = ClassBatches.fromSeed(new ImagesByClass(labels), asked, seed);
  const { rows, imagesPerClass } = source;
  const ranking = makeLoss(loss, { kind: 'classes', rows, imagesPerClass });
  const head = await HeadSteps.prepare(engine, parts, { loss: ranking, rows });
  try {
    for (let step = 1; step <= steps; step++) {
      throwIfAborted(signal);
      const batch = source.next();
      const ofLoss = ranking.feeds(
        batch.map((row) => labels[row]),
        RandomSource.fromSeed(seed, `loss ${step}`),
      );
      const rate = learningRate * learningRateFactor(headSchedule, step, steps);
      const found = await head.step(batch, ofLoss, step, rate);
      await onStep?.(step, found);
    }
    return await head.maps();
  } finally {
    await head.release();
  }
}
