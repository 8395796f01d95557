import path from 'node:path';
import { ours } from '../entry.mjs';
import { makeImageNames } from '../image-names.mjs';

const usual = 12_500;
const factors = [1, 2, 4, 8];

/** @type {import('../entry.mjs').Entry} */
export const growthOfTriplets = {
  name: 'growth-of-triplets',
  about:
    'time and peak memory of a triplet file for 12,500, 25,000, 50,000 and 100,000 images, 5 x 4 triplets an image',
  size: { unit: 'images at 1x', usual },
  same: [],
  async plan({ work, size = usual }) {
    const sides = [];
    for (const factor of factors) {
      const images = factor * size;
      const folder = await makeImageNames(path.join(work, `names-${images}-25`), images, 25);
      sides.push(
        ours('triplet-file.mjs', [folder, path.join(folder, 'triplets.csv'), 5, 4, 20 * images], {
          name: `ours ${factor}x`,
          images,
        }),
      );
    }
    return { sides };
  },
  figures: ['seconds', 'peakBytes'].map((quantity) => ({
    work: `triplet file, ${quantity === 'seconds' ? 'time an image at 8x over 1x' : 'peak memory at 8x over 1x'}`,
    kind: 'growth',
    quantity,
    ours: factors.map((factor) => `ours ${factor}x`),
  })),
};
