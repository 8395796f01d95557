import path from 'node:path';
import { emojiPictures } from '../../../dist/demo/emoji.js';
import { ours, peer } from '../entry.mjs';

/** What the peer trains to its Recall@1, and what lookalike needs with its better recipe to be no worse. */
const usual = 885;
const needed = 300;

/** @type {import('../entry.mjs').Entry} */
export const demoRecall = {
  name: 'demo-recall',
  about:
    'from a folder of emoji to the Recall@1 on unseen concepts that PyTorch reaches with preset small: preset contour',
  takes: '25 minutes',
  same: ['trainImages', 'testImages'],
  noWorse: ['recallAt1', 'mapAtR'],
  async plan({ work, threads }) {
    const folder = path.join(work, 'emoji');
    await emojiPictures(folder);
    return {
      sides: [
        ours('demo-training.mjs', [folder, path.join(work, 'recall-run'), needed, threads, 'contour']),
        peer('PyTorch, no workers', ['torch', 'PIL'], 'demo_training.py', [
          ...['--folder', folder, '--steps', usual, '--threads', threads, '--workers', 0],
        ]),
      ],
    };
  },
  figures: [
    {
      work: `a Recall@1 no worse than preset small's in PyTorch after ${usual} steps: preset contour, ${needed} steps`,
      kind: 'ratio',
      quantity: 'seconds',
      peer: 'PyTorch with its DataLoader',
      against: ['PyTorch, no workers'],
      atLeast: 1.5,
    },
  ],
};
