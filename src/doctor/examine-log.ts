import type { TrainingConfig } from '../training/training-config.ts';
import type { StepLine } from '../training/training-log.ts';
import { findCollapse } from './collapse.ts';
import { findDeadGap } from './dead-gap.ts';
import { findExplodingGradient } from './exploding-gradient.ts';
import { findFewActiveTriplets } from './few-active-triplets.ts';
import { type Finding, inOrder } from './finding.ts';

/** What the course of a run shows, finished or not. Of two lines for one step, as a resumed run may leave, the later counts. */
export function examineLog(config: TrainingConfig, steps: readonly StepLine[]): Finding[] {
  const lines = [...new Map(steps.map((line) => [line.step, line])).values()].sort((a, b) => a.step - b.step);
  return inOrder([
    findCollapse(config, lines),
    findExplodingGradient(config, lines),
    findDeadGap(config, lines),
    findFewActiveTriplets(config, lines),
  ]);
}
