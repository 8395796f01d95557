import { type LossTable, lossTable } from '../../ranking/losses/loss-table.ts';
import { type BackboneTable, backboneTable } from '../../ranking/networks/convnets/backbone-table.ts';
import { type OptimizerTable, optimizerTable } from '../../ranking/optimizers/optimizer-table.ts';
import { type ScheduleTable, scheduleTable } from '../../ranking/optimizers/schedules/schedule-table.ts';
import { type SamplerTable, samplerTable } from '../../ranking/triplets/samplers/sampler-table.ts';

/** What the names in a configuration mean. */
export interface ChoiceTables {
  readonly losses: LossTable;
  readonly backbones: BackboneTable;
  readonly optimizers: OptimizerTable;
  readonly schedules: ScheduleTable;
  readonly samplers: SamplerTable;
}

/** Everything that there is. */
export const choiceTables: ChoiceTables = {
  losses: lossTable,
  backbones: backboneTable,
  optimizers: optimizerTable,
  schedules: scheduleTable,
  samplers: samplerTable,
};
