import { describe, expect, it } from 'vitest';
import type { CandidatePart } from '../fold-heads.ts';
import { chooseTraining } from './choose-training.ts';
import type { FoldEvaluator, TrainedMaps } from './compare-candidates.ts';

const part = (kind: 'identity' | 'within-class'): readonly CandidatePart[] => [
  { source: 0, form: { kind, shrinkage: 0.9 }, dimension: 8, share: 1 },
];
const [best, plain] = [part('within-class'), part('identity')];

/** What an evaluator says of eight classes of one query each: a mean, and every second class so much above or below it. */
type Said = (candidate: readonly CandidatePart[], share: number) => { readonly mean: number; readonly swing: number };

function evaluatorThatSays(said: Said): FoldEvaluator {
  const scores = (candidate: readonly CandidatePart[], trained?: TrainedMaps) => {
    const { mean, swing } = said(candidate, trained?.share ?? 0);
    const values = Float64Array.from({ length: 8 }, (_, query) => mean + (query % 2 === 0 ? swing : -swing));
    return Promise.resolve({ values, labels: [0, 1, 2, 3, 4, 5, 6, 7] });
  };
  return { folds: [], among: 'all', scores } as unknown as FoldEvaluator;
}

async function chosenBy(...said: Said[]) {
  const trained: string[] = [];
  const train = (_: FoldEvaluator, [{ form }]: readonly CandidatePart[]) => {
    trained.push(form.kind);
    return Promise.resolve([]);
  };
  const chosen = await chooseTraining({ evaluators: said.map(evaluatorThatSays), train, timeLeft: () => true }, [
    best,
    plain,
  ]);
  return { ...chosen, trained: new Set(trained) };
}

describe('chooseTraining', () => {
  const knownGains: Said = (_, share) => ({ mean: 1 + 0.2 * share, swing: 0 });

  it('takes what is gained where classes are known for a loss on new ones that may be chance', async () => {
    // Errors over eight classes: 0.05 / sqrt(7).
    const chosen = await chosenBy((_, share) => ({ mean: 1.4 - 0.015 * share, swing: 0.05 * share }), knownGains);
    expect(chosen.training).toEqual({ rate: 1e-4, share: 1 });
    expect(chosen.candidate).toBe(best);
  });

  it('goes no further than where new classes lose no more than may be chance', async () => {
    const lost = (share: number) => (share > 0.3 ? 0.1 : 0.01);
    const chosen = await chosenBy(
      (_, share) => ({ mean: 1.4 - lost(share) * Math.sign(share), swing: share > 0 ? 0.05 : 0 }),
      knownGains,
    );
    expect(chosen.training).toEqual({ rate: 1e-4, share: 0.25 });
  });

  it('keeps the start where whatever gains loses more than that', async () => {
    const chosen = await chosenBy((_, share) => ({ mean: 1.4 - 0.03 * share, swing: 0.05 * share }), knownGains);
    expect(chosen.training).toBeUndefined();
    expect(chosen.reason).toContain('the start is kept as it is');
  });

  it('trains the features as they are, too, where they find about as much', async () => {
    const chosen = await chosenBy(([{ form }], share) =>
      form.kind === 'identity' ? { mean: 1.38 + 0.1 * share, swing: 0.05 } : { mean: 1.4 - share, swing: 0 },
    );
    expect(chosen.candidate).toBe(plain);
    expect(chosen.reason).toContain('100% of the way from the features as they are');
  });

  it('spares that where they find much less', async () => {
    const chosen = await chosenBy(([{ form }]) => ({ mean: form.kind === 'identity' ? 1.2 : 1.4, swing: 0.01 }));
    expect([...chosen.trained]).toEqual(['within-class']);
  });
});
