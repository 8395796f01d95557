import type { Optimizer } from '../../ranking/optimizers/optimizer.ts';
import { type OptimizerTable, optimizerTable } from '../../ranking/optimizers/optimizer-table.ts';
import type { TrainingConfig } from './training-config.ts';

/** The optimiser of a configuration. @throws if the table has none of its name, or if the settings are not its own. */
export function makeOptimizer(
  { optimizer, weightDecay }: Pick<TrainingConfig, 'optimizer' | 'weightDecay'>,
  optimizers: OptimizerTable = optimizerTable,
): Optimizer {
  return optimizers.of(optimizer).build(optimizer, weightDecay);
}
