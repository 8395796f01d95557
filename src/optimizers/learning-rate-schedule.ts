/** How the learning rate moves over a run. */
export interface ScheduleSettings {
  readonly kind: 'constant' | 'step' | 'cosine';
  /** Share of the steps over which the rate rises linearly from 0 to its peak. */
  readonly warmup: number;
  /** `step` only: the rate is multiplied by `factor` each time another `every` share of the steps has passed. */
  readonly every: number;
  readonly factor: number;
}

/**
 * The share of the peak learning rate at `step` of `steps`, both counted from 1: a linear warm-up `step / (warmup steps)`,
 * then constant; or falling by steps; or half a cosine to 0 at the last step.
 *
 * Source: Loshchilov and Hutter 2017 (cosine), without restarts.
 */
export function learningRateFactor(schedule: ScheduleSettings, step: number, steps: number): number {
  const warmupSteps = schedule.warmup * steps;
  if (step <= warmupSteps) return step / warmupSteps;
  if (schedule.kind === 'cosine') {
    return 0.5 * (1 + Math.cos((Math.PI * (step - warmupSteps)) / (steps - warmupSteps)));
  }
  if (schedule.kind === 'step') return schedule.factor ** Math.floor((step - 1) / Math.max(1, schedule.every * steps));
  return 1;
}
