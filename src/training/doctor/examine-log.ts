import type { TrainingConfig } from '../configuration/training-config.ts';
import type { TrainingLog } from '../loop/training-log.ts';
import { findCollapse, type Moment } from './collapse.ts';
import { findPlateau, findStillImproving } from './course.ts';
import { findDeadGap } from './dead-gap.ts';
import { findExplodingGradient } from './exploding-gradient.ts';
import { findFewActiveTriplets } from './few-active-triplets.ts';
import { type Finding, inOrder } from './finding.ts';

/**
 * What the course of a run shows at a moment of it. Of two lines for one step, as a resumed run may leave, the later counts. Whether it
 * has come to a plateau, or could have learnt more, shows at its end.
 */
export function examineLog(config: TrainingConfig, log: TrainingLog, moment: Moment): Finding[] {
  const steps = inSteps(log.steps);
  const evaluations = inSteps(log.evaluations);
  return inOrder([
    findCollapse(config, steps, moment),
    findExplodingGradient(config, steps),
    findDeadGap(config, steps),
    findFewActiveTriplets(config, steps),
    ...(moment === 'ended' ? [findPlateau(config, evaluations), findStillImproving(config, evaluations)] : []),
  ]);
}

function inSteps<Line extends { readonly step: number }>(lines: readonly Line[]): Line[] {
  return [...new Map(lines.map((line) => [line.step, line])).values()].sort((a, b) => a.step - b.step);
}
