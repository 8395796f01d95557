import { adamW } from '../../ranking/optimizers/adamw.ts';
import type { Optimizer } from '../../ranking/optimizers/optimizer.ts';
import { sgd } from '../../ranking/optimizers/sgd.ts';
import type { TrainingConfig } from './training-config.ts';

/** The optimiser of a configuration. */
export function makeOptimizer({
  optimizer,
  weightDecay,
}: Pick<TrainingConfig, 'optimizer' | 'weightDecay'>): Optimizer {
  switch (optimizer.kind) {
    case 'sgd':
      return sgd({ ...optimizer, weightDecay });
    case 'adamw':
      return adamW({ ...optimizer, weightDecay });
  }
}
