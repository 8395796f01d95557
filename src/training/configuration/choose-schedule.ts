import { type ScheduleSettings, scheduleLike } from '../../ranking/optimizers/learning-rate-schedule.ts';
import type { TrainingChoices } from './training-choices.ts';

/**
 * Completes a user's choice of schedule by the preset's. A warm-up that is chosen as a share has no least number of steps, unless
 * that is chosen, too.
 */
export function chooseSchedule(choices: TrainingChoices, preset: ScheduleSettings): ScheduleSettings {
  const { warmupSteps, ...rest } = scheduleLike(choices.schedule ?? preset.kind, preset);
  const atLeast = choices.warmupSteps ?? (choices.warmup === undefined ? warmupSteps : undefined);
  return {
    ...rest,
    warmup: choices.warmup ?? preset.warmup,
    ...(atLeast === undefined ? {} : { warmupSteps: atLeast }),
  };
}
