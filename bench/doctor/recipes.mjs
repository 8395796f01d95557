import { smallSgd } from '../small-sgd.mjs';

const common = /** @type {const} */ ({
  ...smallSgd,
  size: 64,
  heldOut: 0.1,
  rows: 120,
  imagesPerClass: 4,
  steps: 240,
});
const { momentum: _momentum, nesterov: _nesterov, ...withoutMomentum } = common;
const squared = /** @type {const} */ ({ gap: 0.2, distance: 'squared-euclidean', learningRate: 0.05 });

/**
 * Runs by name: what the doctor has to find in them, and their choices. All but the loss and its rate is the same.
 *
 * @type {Record<string, { finds: string[], choices: import('../../dist/index.js').TrainingChoices }>}
 */
export const recipes = {
  'batch-hard': { finds: ['collapse'], choices: { ...common, ...squared, loss: 'hinge', miner: 'batch-hard' } },
  'batch-hard-euclidean': {
    finds: ['collapse'],
    choices: { ...common, loss: 'hinge', miner: 'batch-hard', gap: 0.2, distance: 'euclidean', learningRate: 0.01 },
  },
  'batch-hard-soft-margin': {
    finds: ['collapse'],
    choices: { ...common, loss: 'soft-margin', miner: 'batch-hard', distance: 'euclidean', learningRate: 0.01 },
  },
  'batch-hard-low-rate': {
    finds: ['collapse'],
    choices: { ...common, ...squared, loss: 'hinge', miner: 'batch-hard', learningRate: 0.001 },
  },
  'semi-hard': { finds: [], choices: { ...common, ...squared, loss: 'semi-hard' } },
  'batch-all': { finds: [], choices: { ...common, ...squared, loss: 'hinge', miner: 'batch-all' } },
  supcon: {
    finds: [],
    choices: {
      ...withoutMomentum,
      loss: 'supcon',
      temperature: 0.1,
      optimizer: 'adamw',
      learningRate: 0.003,
      weightDecay: 0.05,
    },
  },
};
