import { describe, expect, it } from 'vitest';
import { untrainedNames } from '../untrained/untrained-tables.ts';
import type { StrongStartPlan } from './plan-strong-start.ts';
import { startFromBetter } from './start-from-better.ts';

/** A plan by the score of what it keeps, and what is better than that. */
function plan(mapAtR: number, better: readonly string[] = []): StrongStartPlan {
  const start = { reasons: ['features: some'] };
  const report = { measures: { recallAt1: { value: 0.5 }, mapAtR: { value: mapAtR } } };
  return {
    start: { start, report, better },
    training: { config: { start } },
  } as unknown as StrongStartPlan;
}

const never = () => Promise.reject(new Error('nobody asked for it'));

describe('startFromBetter', () => {
  it('leaves a start that the packaged model is not better than', async () => {
    const first = plan(0.2, [untrainedNames.hog]);
    expect(await startFromBetter(first, never)).toBe(first);
  });

  it('goes on from the packaged model where it finds more, and says so in plan and configuration', async () => {
    const { start, training } = await startFromBetter(plan(0.2, [untrainedNames.packaged]), async () => plan(0.31));
    expect(start.report.measures['mapAtR'].value).toBe(0.31);
    const reason =
      'network: the packaged model, for it finds more of these pictures (81.0 with it, 70.0 with the network that was named)';
    expect(start.start.reasons).toEqual([reason, 'features: some']);
    expect(training.config.start!.reasons).toEqual(start.start.reasons);
  });

  it('keeps the named network where what is made of the packaged model finds no more', async () => {
    const { start } = await startFromBetter(plan(0.2, [untrainedNames.packaged]), async () => plan(0.2));
    expect(start.start.reasons[0]).toContain('the one that was named');
  });
});
