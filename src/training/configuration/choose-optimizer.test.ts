import { expect, it } from 'vitest';
import { chooseOptimizer } from './choose-optimizer.ts';
import { presets } from './presets.ts';

const { optimizer: adamw } = presets.small;
const { optimizer: sgd } = presets.article;

it("completes an optimiser's numbers by the preset's, or by its own defaults", () => {
  expect(chooseOptimizer({ beta1: 0.8, beta2: 0.99 }, adamw)).toEqual({ ...adamw, beta1: 0.8, beta2: 0.99 });
  expect(chooseOptimizer({ optimizer: 'adamw', epsilon: 1e-6 }, sgd)).toEqual({ ...adamw, epsilon: 1e-6 });
  expect(chooseOptimizer({ momentum: 0 }, sgd)).toEqual({ ...sgd, momentum: 0 });
});

it('refuses a number that the optimiser has not, and names one that has it', () => {
  expect(() => chooseOptimizer({ beta1: 0.8 }, sgd)).toThrow(
    "choices.beta1: 0.8 was given, but sgd has no beta1; use choices.optimizer: 'adamw', or leave it out",
  );
  expect(() => chooseOptimizer({ momentum: 0.8 }, adamw)).toThrow(
    "choices.momentum: 0.8 was given, but adamw has no momentum of SGD and no Nesterov form; use choices.optimizer: 'sgd', or leave it out",
  );
});
