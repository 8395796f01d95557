import path from 'node:path';
import { ours, peer } from '../entry.mjs';
import { makePhotographs } from '../photographs.mjs';
import { randomModel } from '../random-model.mjs';

/** @type {import('../entry.mjs').Entry} */
export const compareColdStart = {
  name: 'compare-cold-start',
  about: 'compare two photographs from a cold start to the answer, small network',
  same: [],
  close: { distance: 1e-3 },
  async plan({ work }) {
    const [first, second] = await makePhotographs(path.join(work, 'photographs'), 2);
    const model = await randomModel(work, 'small');
    return {
      sides: [
        ours('dist/cli/main.js', ['compare', first, second, '--model', model, '--json'], { wall: true }),
        peer('Python', ['onnxruntime', 'PIL', 'numpy'], 'compare.py', [model, first, second], { wall: true }),
      ],
    };
  },
  figures: [
    {
      work: '`compare a.jpg b.jpg`, cold start to answer, `small`',
      kind: 'ratio',
      quantity: 'seconds',
      peer: 'Python + onnxruntime + PIL',
      against: ['Python'],
      atLeast: 1.5,
    },
  ],
};
