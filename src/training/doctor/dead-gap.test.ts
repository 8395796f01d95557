import { describe, expect, it } from 'vitest';
import { stepLines } from '../../../test/fixtures/step-lines.ts';
import { tinyClassBatch, tinyConfig } from '../../../test/fixtures/tiny-training.ts';
import type { LossConfig } from '../../ranking/losses/loss-table.ts';
import { findDeadGap } from './dead-gap.ts';
import { findFewActiveTriplets } from './few-active-triplets.ts';

const satisfied = stepLines(60, () => ({ activeShare: 0.002, loss: 0.0001 }));
const withLoss = (loss: LossConfig) => ({
  ...tinyConfig,
  loss,
  batch: loss.kind === 'hinge' || loss.kind === 'batch-mean-hinge' ? tinyConfig.batch : tinyClassBatch,
});

describe('findDeadGap', () => {
  it('says that the gap is satisfied before anything is learnt', () => {
    const found = findDeadGap(tinyConfig, satisfied);
    expect(found?.kind).toBe('dead-gap');
    expect(found?.seen).toBe('Over the first 10 steps 0.2% of the triplets were active and the loss was 0.00010.');
    expect(found?.remedy).toMatch(/a larger choices.gap \(now 0\.2\), or with negatives that are harder/);
    // It is told as that, not as too few active triplets.
    expect(findFewActiveTriplets(tinyConfig, satisfied)).toBeUndefined();
    expect(findDeadGap(withLoss({ kind: 'semi-hard', gap: 0.1, distance: 'euclidean' }), satisfied)?.kind).toBe(
      'dead-gap',
    );
  });

  it('judges the hinge on a mean by its loss, for easy triplets pay for hard ones', () => {
    const loss = { kind: 'batch-mean-hinge', gap: 1, distance: 'euclidean' } as const;
    const paid = stepLines(20, () => ({ activeShare: 0.3, loss: 0 }));
    expect(findDeadGap(withLoss(loss), paid)?.remedy).toMatch(
      /choices.loss: 'hinge', which takes the maximum for each triplet/,
    );
    expect(
      findDeadGap(
        withLoss(loss),
        stepLines(20, () => ({ activeShare: 0.3, loss: 0.1 })),
      ),
    ).toBeUndefined();
  });

  it('names the number that widens the gap of a loss without a gap, as it is given', () => {
    const loss = { kind: 'multi-similarity', alpha: 2, beta: 50, base: 0.5, epsilon: 0.1 } as const;
    expect(findDeadGap(withLoss(loss), satisfied)?.remedy).toBe(
      'Start again with a larger choices.lossSettings.epsilon (now 0.1), or with classes that are more alike.',
    );
  });

  it('gives no alarm where losses push without active terms, at what was learnt, and before ten steps', () => {
    for (const loss of [
      { kind: 'supcon', temperature: 0.1 },
      { kind: 'contrastive', gap: 1 },
    ] as const) {
      expect(findDeadGap(withLoss(loss), satisfied)).toBeUndefined();
    }
    expect(
      findDeadGap(
        tinyConfig,
        stepLines(9, () => ({ activeShare: 0 })),
      ),
    ).toBeUndefined();
    expect(
      findDeadGap(
        tinyConfig,
        stepLines(60, (step) => ({ activeShare: Math.exp(-step / 4) })),
      ),
    ).toBeUndefined();
    expect(findDeadGap(tinyConfig, [])).toBeUndefined();
  });
});

describe('findFewActiveTriplets', () => {
  const fading = stepLines(100, (step) => ({ activeShare: Math.max(0.01, 0.9 - step / 50) }));

  it('says how many triplets of a step still push', () => {
    const found = findFewActiveTriplets(tinyConfig, fading);
    expect(found?.kind).toBe('few-active-triplets');
    expect(found?.seen).toBe(
      'From step 71 to 100 1.0% of the triplets were active, 0.0 of 4 a step; in the beginning it was 88%.',
    );
  });

  it('gives no alarm where a miner chooses, where a soft margin pushes, early, or while there is enough', () => {
    const mined = {
      ...tinyConfig,
      batch: tinyClassBatch,
      loss: { ...tinyConfig.loss, miner: 'batch-all' } as LossConfig,
    };
    expect(findFewActiveTriplets(mined, fading)).toBeUndefined();
    const soft = withLoss({ kind: 'soft-margin', distance: 'euclidean' });
    expect(findFewActiveTriplets({ ...soft, batch: tinyConfig.batch }, fading)).toBeUndefined();
    expect(findFewActiveTriplets(tinyConfig, fading.slice(0, 49))).toBeUndefined();
    expect(
      findFewActiveTriplets(
        tinyConfig,
        stepLines(400, () => ({ activeShare: 0.05 })),
      ),
    ).toBeUndefined();
    expect(findFewActiveTriplets(tinyConfig, [])).toBeUndefined();
  });
});
