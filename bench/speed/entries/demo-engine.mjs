import path from 'node:path';
import { emojiPictures } from '../../../dist/app/demo/emoji.js';
import { ours } from '../entry.mjs';

const usual = 590;
const today = 'lookalike by onnxruntime';

/** @type {import('../entry.mjs').Entry} */
export const demoEngine = {
  name: 'demo-engine',
  about: 'the training of npm run demo (preset contour) by oneDNN and by onnxruntime',
  takes: '20 minutes, with LOOKALIKE_ONEDNN',
  size: { unit: 'steps', usual },
  same: ['parameters', 'trainImages', 'testImages', 'steps', 'imagesThroughNetwork'],
  // Within a point of Recall@1.
  close: { recallAt1: 0.01 },
  async plan({ work, threads, size = usual }) {
    const folder = path.join(work, 'emoji');
    await emojiPictures(folder);
    const trained = (engine, more) =>
      ours('demo-training.mjs', [folder, path.join(work, `run-${engine}`), size, threads, 'contour', engine], more);
    return {
      ...(size === usual ? {} : { close: {} }),
      sides: [trained('onednn'), trained('onnxruntime', { name: today })],
    };
  },
  figures: [
    {
      work: 'the training of `npm run demo`, judging included, by oneDNN in the precision that `auto` takes',
      kind: 'ratio',
      quantity: 'seconds',
      peer: today,
      against: [today],
      atLeast: 2.5,
    },
  ],
};
