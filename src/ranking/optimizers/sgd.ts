import { z } from 'zod';
import { add, mul, sub } from '../../graph/builder/operations.ts';
import { defineOptimizer } from './define-optimizer.ts';
import type { Optimizer } from './optimizer.ts';

/** SGD's numbers beside the learning rate; none has a unit. */
export interface SgdSettings {
  /** Default 0.9. */
  readonly momentum: number;
  /** Look ahead by one momentum step (Nesterov). */
  readonly nesterov: boolean;
  /** `weightDecay * w` is added to the gradient of a weight: twice the paper's lambda. */
  readonly weightDecay: number;
}

/**
 * Stochastic gradient descent with momentum: `v' = m v + g + decay w`, then `w' = w - rate v'`, or with Nesterov
 * `w' = w - rate (g + decay w + m v')`.
 *
 * Source: PyTorch's `torch.optim.SGD` (dampening 0), which writes Sutskever et al. 2013 this way; at a constant rate it is
 * Keras's form, too.
 */
export function sgd({ momentum, nesterov, weightDecay }: SgdSettings): Optimizer {
  return {
    name: 'sgd',
    stateNames: momentum === 0 ? [] : ['velocity'],
    update({ weight, gradient, state: [velocity], decays }, { learningRate }) {
      const slope = decays && weightDecay > 0 ? add(gradient, mul(weight, weightDecay)) : gradient;
      if (velocity === undefined) return { weight: sub(weight, mul(slope, learningRate)), state: [] };
      const next = add(mul(velocity, momentum), slope);
      const direction = nesterov ? add(slope, mul(next, momentum)) : next;
      return { weight: sub(weight, mul(direction, learningRate)), state: [next] };
    },
  };
}

/** SGD with Nesterov momentum, for the table. */
export const sgdOptimizer = defineOptimizer({
  schema: z.strictObject({ kind: z.literal('sgd'), momentum: z.number().min(0).max(1), nesterov: z.boolean() }),
  defaults: { momentum: 0.9, nesterov: true },
  build: (config, weightDecay) => sgd({ ...config, weightDecay }),
});
