import { type ScheduleSettings, type ScheduleTable, scheduleTable } from './schedules/schedule-table.ts';

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
 * then what the schedule of that name says.
 *
 * @throws UsageError if the table has no schedule of this name.
 */
export function learningRateFactor(
  schedule: ScheduleSettings,
  step: number,
  steps: number,
  schedules: ScheduleTable = scheduleTable,
): number {
  const { factorAt } = schedules.of(schedule);
  const rise = warmupLength(schedule, steps);
  return step <= rise ? step / rise : factorAt(schedule, { step, steps, rise });
}
