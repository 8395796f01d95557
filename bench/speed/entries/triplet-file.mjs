import path from 'node:path';
import { ours, peer } from '../entry.mjs';
import { makeImageNames } from '../image-names.mjs';

const images = 100_000;
const classes = 200;
const positives = 10;
const negatives = 10;
/** Of 10 million: listing the folder weighs most in the first, so that all would give a larger ratio. The peer takes hours. */
const usual = 1_000_000;

/** @type {import('../entry.mjs').Entry} */
export const tripletFile = {
  name: 'triplet-file',
  about: 'triplet file for 100,000 images in 200 classes, 10 positives x 10 negatives: the first million triplets',
  takes: '15 minutes; ten times that with --size 10000000',
  size: { unit: 'triplets', usual },
  same: ['triplets'],
  async plan({ work, size = usual }) {
    const folder = await makeImageNames(path.join(work, `names-${images}-${classes}`), images, classes);
    const options = ['--positives', positives, '--negatives', negatives, '--triplets', size];
    return {
      sides: [
        ours('triplet-file.mjs', [folder, path.join(folder, 'triplets.csv'), positives, negatives, size]),
        peer('NumPy', ['numpy'], 'triplet_file.py', [
          ...['--folder', folder, '--output', path.join(folder, 'peer-triplets.txt'), ...options],
        ]),
      ],
    };
  },
  figures: [
    {
      work: 'triplet file, 100,000 images in 200 classes, 10 positives x 10 negatives, the first million of 10 million triplets',
      kind: 'ratio',
      quantity: 'seconds',
      peer: "the article's algorithm in Python/NumPy",
      against: ['NumPy'],
      atLeast: 20,
    },
  ],
};
