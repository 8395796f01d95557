import { type LossTable, lossTable } from '../../../ranking/losses/loss-table.ts';
import { type BackboneTable, backboneTable } from '../../../ranking/networks/convnets/backbone-table.ts';
import { type OptimizerTable, optimizerTable } from '../../../ranking/optimizers/optimizer-table.ts';

/** What the names in a configuration mean that the graphs of a step are made of: no Node, so that a page can make them, too. */
export interface StepTables {
  readonly losses: LossTable;
  readonly backbones: BackboneTable;
  readonly optimizers: OptimizerTable;
}

/** All losses, backbones and optimisers that there are. */
export const stepTables: StepTables = { losses: lossTable, backbones: backboneTable, optimizers: optimizerTable };
