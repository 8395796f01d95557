/** How the learning rate moves over a run. */
export interface ScheduleSettings {
  readonly kind: 'constant' | 'step' | 'cosine';
  /** Share of the steps over which the rate rises linearly from 0 to its peak. */
  readonly warmup: number;
  /** The rise takes at least so many steps, but at most half of all unless its share is larger. Default: 0. */
  readonly warmupSteps?: number | undefined;
  /** `step` only: the rate is multiplied by `factor` each time another `every` share of the steps has passed. */
  readonly every: number;
  readonly factor: number;
}

/**
 * Steps over which the rate rises, not rounded: `max(warmup * steps, min(warmupSteps, steps / 2))`.
 *
 * Why a number of steps beside a share: what a warm-up is for does not shrink with the run. Adam's first updates have the full
 * rate in every weight whatever the gradient, before its second moments mean anything, and batch normalisation's weights have not
 * found their size; a share of a short run is a step or two, after which the network may have collapsed. Why at most half: the
 * rate has to be high for a while to be of use.
 */
export function warmupLength({ warmup, warmupSteps = 0 }: ScheduleSettings, steps: number): number {
  return Math.max(warmup * steps, Math.min(warmupSteps, steps / 2));
}

/**
 * The share of the peak learning rate at `step` of `steps`, both counted from 1: a linear warm-up `step / warmupLength`,
 * then constant; or falling by steps; or half a cosine to 0 at the last step.
 *
 * Source: Loshchilov and Hutter 2017 (cosine), without restarts.
 */
export function learningRateFactor(schedule: ScheduleSettings, step: number, steps: number): number {
  const warmupSteps = warmupLength(schedule, steps);
  if (step <= warmupSteps) return step / warmupSteps;
  if (schedule.kind === 'cosine') {
    return 0.5 * (1 + Math.cos((Math.PI * (step - warmupSteps)) / (steps - warmupSteps)));
  }
  if (schedule.kind === 'step') return schedule.factor ** Math.floor((step - 1) / Math.max(1, schedule.every * steps));
  return 1;
}
