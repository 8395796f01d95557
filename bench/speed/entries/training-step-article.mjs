import { ours, peer } from '../entry.mjs';

/** Steps timed in one process, after one that does not count. */
const steps = 2;

/** @type {import('../entry.mjs').Entry} */
export const trainingStepArticle = {
  name: 'training-step-article',
  about: 'training step of the preset article: 24 rows of 224 x 224',
  same: ['parameters', 'multiplyAdds', 'rows', 'size'],
  plan: async ({ threads }) => ({
    sides: [
      ours('training-step.mjs', ['article', threads, steps]),
      peer('PyTorch', ['torch'], 'training_step.py', ['--network', 'article', '--threads', threads, '--steps', steps]),
    ],
  }),
  figures: [
    {
      work: 'training step, article network, 224 x 224, 24 rows',
      kind: 'ratio',
      quantity: 'seconds',
      peer: 'PyTorch',
      against: ['PyTorch'],
      atLeast: 1.1,
    },
    {
      work: 'its peak memory, ours over the peer’s',
      kind: 'ratio',
      quantity: 'peakBytes',
      peer: 'PyTorch',
      against: ['PyTorch'],
      atMost: 2,
    },
  ],
};
