import path from 'node:path';
import { emojiPictures } from '../../../dist/app/demo/emoji.js';
import { demoPeerNames, demoPeers } from '../demo-peers.mjs';
import { ours } from '../entry.mjs';

/** What the peer trains to its Recall@1, and what lookalike needs with the demo's recipe to be no worse. */
const usual = 885;
const needed = 200;

/** @type {import('../entry.mjs').Entry} */
export const demoRecall = {
  name: 'demo-recall',
  about:
    'from a folder of emoji to the Recall@1 on unseen concepts that PyTorch reaches with preset small: preset contour',
  takes: '20 minutes',
  same: ['trainImages', 'testImages'],
  noWorse: ['recallAt1', 'mapAtR'],
  async plan({ work, threads }) {
    const folder = path.join(work, 'emoji');
    await emojiPictures(folder);
    return {
      sides: [
        ours('demo-training.mjs', [folder, path.join(work, 'recall-run'), needed, threads, 'contour']),
        ...demoPeers({ folder, threads, steps: usual }),
      ],
    };
  },
  figures: [
    {
      work: `whole demo training to a Recall@1 and MAP@R no worse than the peer’s: the demo’s preset \`contour\`, ${needed} steps`,
      kind: 'ratio',
      quantity: 'seconds',
      peer: `PyTorch with its DataLoader, its better precision and best worker setting, preset \`small\`, ${usual} steps`,
      against: demoPeerNames,
      atLeast: 1.5,
    },
  ],
};
