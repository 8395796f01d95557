import path from 'node:path';
import { emojiPictures } from '../../../dist/demo/emoji.js';
import { ours, peer } from '../entry.mjs';

const usual = 885;

/** @type {import('../entry.mjs').Entry} */
export const demoTraining = {
  name: 'demo-training',
  about: "the demo's training: 885 steps of 120 emoji from a folder of PNGs, judged on unseen concepts",
  takes: 'an hour',
  size: { unit: 'steps', usual },
  same: ['parameters', 'trainImages', 'testImages', 'steps', 'imagesThroughNetwork'],
  // Seeds differ by a point (43.0 +- 0.5); a run that is worse than that has not done the same work.
  close: { recallAt1: 0.02 },
  async plan({ work, threads, size = usual }) {
    const folder = path.join(work, 'emoji');
    await emojiPictures(folder);
    const torch = (name, workers) =>
      peer(name, ['torch', 'PIL'], 'demo_training.py', [
        ...['--folder', folder, '--steps', size, '--threads', threads, '--workers', workers],
      ]);
    return {
      // After a few steps nothing has been learnt that could be compared.
      ...(size === usual ? {} : { close: {} }),
      sides: [
        ours('demo-training.mjs', [folder, path.join(work, 'demo-run'), size, threads]),
        torch('PyTorch, no workers', 0),
        torch('PyTorch, 1 worker', 1),
      ],
    };
  },
  figures: [
    {
      work: 'whole demo training (data, augmentation, evaluation included) to the same Recall@1',
      kind: 'ratio',
      quantity: 'seconds',
      peer: 'PyTorch with its DataLoader, its best worker setting',
      against: ['PyTorch, no workers', 'PyTorch, 1 worker'],
      atLeast: 1.5,
    },
  ],
};
