import path from 'node:path';
import { emojiPictures } from '../../../dist/demo/emoji.js';
import { ours, peer } from '../entry.mjs';

const usual = 885;

/** What the preset `contour` needs to be no worse than the peer after its 885 steps of `small`. */
const needed = 200;

/** @type {import('../entry.mjs').Entry} */
export const demoTraining = {
  name: 'demo-training',
  about: 'training preset small from a folder of emoji: 885 steps of 120 pictures, judged on unseen concepts',
  takes: '45 minutes',
  size: { unit: 'steps', usual },
  same: ['parameters', 'trainImages', 'testImages', 'steps', 'imagesThroughNetwork'],
  // Seeds differ by a point (43.0 +- 0.5); a run that is worse than that has not done the same work.
  close: { recallAt1: 0.02 },
  races: [{ ours: 'ours, contour', same: ['trainImages', 'testImages'], noWorse: ['recallAt1', 'mapAtR'] }],
  async plan({ work, threads, size = usual }) {
    const folder = path.join(work, 'emoji');
    await emojiPictures(folder);
    const torch = (name, workers) => {
      const counted = (steps) => [
        ...['--folder', folder, '--threads', threads, '--workers', workers, '--steps', steps],
      ];
      const trial = counted(Math.ceil(size / 10));
      return peer(name, ['torch', 'PIL'], 'demo_training.py', counted(size), { trial });
    };
    const contour = ours(
      'demo-training.mjs',
      [folder, path.join(work, 'contour-run'), Math.ceil((size * needed) / usual), threads, 'contour'],
      { name: 'ours, contour' },
    );
    return {
      // After a few steps nothing has been learnt that could be compared.
      ...(size === usual ? {} : { close: {}, races: [] }),
      sides: [
        ours('demo-training.mjs', [folder, path.join(work, 'demo-run'), size, threads, 'small']),
        contour,
        torch('PyTorch, no workers', 0),
        torch('PyTorch, 1 worker', 1),
      ],
    };
  },
  figures: [
    {
      work: 'whole demo training, preset `small` (data, augmentation, evaluation included), as many steps',
      kind: 'ratio',
      quantity: 'seconds',
      peer: 'PyTorch with its DataLoader, its best worker setting',
      against: ['PyTorch, no workers', 'PyTorch, 1 worker'],
      atLeast: 1.5,
    },
    {
      work: `the same to a Recall@1 and MAP@R no worse than the peer’s, by preset \`contour\`, ${needed} steps`,
      kind: 'ratio',
      quantity: 'seconds',
      ours: ['ours, contour'],
      peer: 'PyTorch with its DataLoader, its best worker setting',
      against: ['PyTorch, no workers', 'PyTorch, 1 worker'],
      atLeast: 1.5,
    },
  ],
};
