import { ours, peer } from '../entry.mjs';

/** Steps timed in one process, after one that does not count. */
const steps = 20;

/** @type {import('../entry.mjs').Entry} */
export const trainingStepSmall = {
  name: 'training-step-small',
  about: 'training step of the preset small: 120 rows of 64 x 64',
  same: ['parameters', 'multiplyAdds', 'rows', 'size'],
  plan: async ({ threads }) => ({
    sides: [
      ours('training-step.mjs', ['small', threads, steps]),
      peer('PyTorch', ['torch'], 'training_step.py', ['--network', 'small', '--threads', threads, '--steps', steps]),
    ],
  }),
  figures: [
    {
      work: 'training step, `small` network, 64 x 64, 120 rows',
      kind: 'ratio',
      quantity: 'seconds',
      peer: 'PyTorch',
      against: ['PyTorch'],
      atLeast: 1.2,
    },
  ],
};
