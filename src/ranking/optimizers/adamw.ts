import { z } from 'zod';
import { add, div, mul, pow, sqrt, sub } from '../../graph/builder/operations.ts';
import { defineOptimizer } from './define-optimizer.ts';
import type { Optimizer } from './optimizer.ts';

/** AdamW's numbers beside the learning rate; none has a unit. */
export interface AdamWSettings {
  /** Default 0.9. */
  readonly beta1: number;
  /** Default 0.999. */
  readonly beta2: number;
  /** Default 1e-8. */
  readonly epsilon: number;
  /** Decoupled: a weight shrinks by `rate * weightDecay` of itself a step. */
  readonly weightDecay: number;
}

/**
 * Adam with decoupled weight decay: `m' = b1 m + (1 - b1) g`, `v' = b2 v + (1 - b2) g^2`,
 * `w' = w (1 - rate decay) - rate (m' / (1 - b1^t)) / (sqrt(v' / (1 - b2^t)) + epsilon)`.
 *
 * Source: Loshchilov and Hutter 2019, algorithm 2, in the form of `torch.optim.AdamW`.
 */
export function adamW({ beta1, beta2, epsilon, weightDecay }: AdamWSettings): Optimizer {
  return {
    name: 'adamw',
    stateNames: ['mean', 'square'],
    update({ weight, gradient, state: [mean, square], decays }, { learningRate, step }) {
      const nextMean = add(mul(mean, beta1), mul(gradient, 1 - beta1));
      const nextSquare = add(mul(square, beta2), mul(mul(gradient, gradient), 1 - beta2));
      const meanCorrection = sub(1, pow(beta1, step));
      const squareCorrection = sub(1, pow(beta2, step));
      const deviation = add(sqrt(div(nextSquare, squareCorrection)), epsilon);
      const change = mul(div(nextMean, deviation), div(learningRate, meanCorrection));
      const kept = decays && weightDecay > 0 ? mul(weight, sub(1, mul(learningRate, weightDecay))) : weight;
      return { weight: sub(kept, change), state: [nextMean, nextSquare] };
    },
  };
}

const share = z.number().min(0).max(1);

/** AdamW with the numbers of `torch.optim.AdamW`, for the table. */
export const adamWOptimizer = defineOptimizer({
  schema: z.strictObject({
    kind: z.literal('adamw'),
    beta1: share,
    beta2: share,
    epsilon: z.number().positive(),
  }),
  defaults: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  refuses: 'has no momentum of SGD and no Nesterov form',
  elsewhere: ['adam'],
  build: (config, weightDecay) => adamW({ ...config, weightDecay }),
});
