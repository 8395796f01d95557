import path from 'node:path';
import { ours } from '../entry.mjs';
import { makePhotographs } from '../photographs.mjs';
import { randomModel } from '../random-model.mjs';

const usual = 250;
const factors = [1, 2, 4, 8];

/** @type {import('../entry.mjs').Entry} */
export const growthOfEmbedding = {
  name: 'growth-of-embedding',
  about: 'time and peak memory of embedding 250, 500, 1,000 and 2,000 photographs, small network',
  size: { unit: 'photographs at 1x', usual },
  same: [],
  async plan({ work, threads, size = usual }) {
    const folder = path.join(work, 'photographs');
    await makePhotographs(folder, 8 * size);
    const model = await randomModel(work, 'small');
    const sides = factors.map((factor) =>
      ours('photographs.mjs', [model, folder, factor * size, threads], {
        name: `ours ${factor}x`,
        images: factor * size,
      }),
    );
    return { sides };
  },
  figures: ['seconds', 'peakBytes'].map((quantity) => ({
    work: `embedding photographs, ${quantity === 'seconds' ? 'time an image at 8x over 1x' : 'peak memory at 8x over 1x'}`,
    kind: 'growth',
    quantity,
    ours: factors.map((factor) => `ours ${factor}x`),
  })),
};
