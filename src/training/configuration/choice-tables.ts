import { type ScheduleTable, scheduleTable } from '../../ranking/optimizers/schedules/schedule-table.ts';
import { type SamplerTable, samplerTable } from '../../ranking/triplets/samplers/sampler-table.ts';
import { type StepTables, stepTables } from './step/step-tables.ts';

/** What the names in a configuration mean. */
export interface ChoiceTables extends StepTables {
  readonly schedules: ScheduleTable;
  readonly samplers: SamplerTable;
}

/** Everything that there is. */
export const choiceTables: ChoiceTables = { ...stepTables, schedules: scheduleTable, samplers: samplerTable };
