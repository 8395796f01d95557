import { type ScheduleSettings, scheduleTable } from '../../ranking/optimizers/schedules/schedule-table.ts';
import type { TrainingChoices } from './training-choices.ts';

/**
 * Completes a user's choice of schedule by the preset's, or, of another one, by its own fall. A warm-up that is chosen as a share has
 * no least number of steps, unless that is chosen, too.
 */
export function chooseSchedule(choices: TrainingChoices, preset: ScheduleSettings): ScheduleSettings {
  const kind = choices.schedule ?? preset.kind;
  const { warmupSteps, ...rest } = preset;
  const atLeast = choices.warmupSteps ?? (choices.warmup === undefined ? warmupSteps : undefined);
  return {
    ...rest,
    kind,
    ...(kind === preset.kind ? {} : scheduleTable.of({ kind }).fall),
    warmup: choices.warmup ?? preset.warmup,
    ...(atLeast === undefined ? {} : { warmupSteps: atLeast }),
  };
}
