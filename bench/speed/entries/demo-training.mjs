import path from 'node:path';
import { emojiPictures } from '../../../dist/app/demo/emoji.js';
import { demoPeerNames, demoPeers } from '../demo-peers.mjs';
import { ours } from '../entry.mjs';

const usual = 885;

/** @type {import('../entry.mjs').Entry} */
export const demoTraining = {
  name: 'demo-training',
  about: 'training preset small from a folder of emoji: 885 steps of 120 pictures, judged on unseen concepts',
  takes: '35 minutes',
  size: { unit: 'steps', usual },
  same: ['parameters', 'trainImages', 'testImages', 'steps', 'imagesThroughNetwork'],
  // Seeds differ by a point (43.0 +- 0.5); a run that is worse than that has not done the same work.
  close: { recallAt1: 0.02 },
  async plan({ work, threads, size = usual }) {
    const folder = path.join(work, 'emoji');
    await emojiPictures(folder);
    return {
      // After a few steps nothing has been learnt that could be compared.
      ...(size === usual ? {} : { close: {} }),
      sides: [
        ours('demo-training.mjs', [folder, path.join(work, 'demo-run'), size, threads, 'small']),
        ...demoPeers({ folder, threads, steps: size }),
      ],
    };
  },
  figures: [
    {
      work: 'whole demo training, preset `small` (data, augmentation, evaluation included), as many steps',
      kind: 'ratio',
      quantity: 'seconds',
      peer: 'PyTorch with its DataLoader, its better precision and best worker setting',
      against: demoPeerNames,
      atLeast: 1.5,
    },
  ],
};
