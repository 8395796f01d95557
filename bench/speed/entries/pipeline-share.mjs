import path from 'node:path';
import { ours } from '../entry.mjs';
import { makePhotographs } from '../photographs.mjs';
import { randomModel } from '../random-model.mjs';

const usual = 500;

/** @type {import('../entry.mjs').Entry} */
export const pipelineShare = {
  name: 'pipeline-share',
  about: 'embedding pipeline, small network, over the slower of decoder alone and network alone',
  size: { unit: 'photographs', usual },
  same: [],
  async plan({ work, threads, size = usual }) {
    const folder = path.join(work, 'photographs');
    await makePhotographs(folder, size);
    const model = await randomModel(work, 'small');
    return { sides: [ours('pipeline-share.mjs', [model, folder, size, threads])] };
  },
  figures: [
    {
      work: 'embedding pipeline, `small` network, over the slower of decoder alone and network alone',
      kind: 'share',
      quantity: 'share',
      atLeast: 0.85,
    },
  ],
};
