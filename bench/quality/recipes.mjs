import { smallSgd } from '../small-sgd.mjs';

/**
 * What is trained and what it has to reach.
 *
 * @typedef {object} Recipe
 * @property {string} about
 * @property {'emoji' | 'folder'} pictures `emoji` are drawn from packages; `folder` is a folder of IDX files that the
 *   caller gives, its part `train` to learn from and its part `test` to be judged on.
 * @property {import('../../dist/index.js').TrainingChoices} choices Everything but the seed.
 * @property {Record<string, { atLeast: number, reference: number }>} figures Measures in percent: what is asked for, and what
 *   the same network and recipe reach in PyTorch.
 * @property {number} [trainingSeconds] The longest that training may take on two cores.
 */

const nesterov = /** @type {const} */ ({ ...smallSgd, heldOut: 0 });

const semiHard = /** @type {const} */ ({
  ...nesterov,
  loss: 'semi-hard',
  gap: 0.2,
  distance: 'squared-euclidean',
  learningRate: 0.05,
});

/** A figure that may lie two points below the reference. */
const within2 = (reference) => ({ reference, atLeast: Number((reference - 2).toFixed(1)) });

/** The recipes by name. @type {Record<string, Recipe>} */
export const recipes = {
  'emoji-row-1a': {
    about: "emoji, random triplets, hinge with g = 1 on squared distances: the article's recipe in miniature",
    pictures: 'emoji',
    choices: {
      ...nesterov,
      size: 64,
      loss: 'hinge',
      gap: 1,
      distance: 'squared-euclidean',
      learningRate: 0.01,
      rows: 120,
      steps: 885,
    },
    figures: { recallAt1: within2(25.7), similarityPrecision: within2(92.3) },
  },
  'emoji-row-2a': {
    about: 'emoji, semi-hard negatives with g = 0.2 on squared distances, 30 concepts by 4 pictures',
    pictures: 'emoji',
    choices: { ...semiHard, size: 64, rows: 120, imagesPerClass: 4, steps: 885 },
    figures: { recallAt1: within2(35.4), similarityPrecision: within2(93.3) },
  },
  'emoji-row-3a': {
    about: 'emoji, semi-hard as in row 2a, without low-resolution paths',
    pictures: 'emoji',
    choices: { ...semiHard, size: 64, paths: 'none', rows: 120, imagesPerClass: 4, steps: 885 },
    figures: { recallAt1: within2(37.7), similarityPrecision: within2(93.5) },
  },
  'emoji-small': {
    about: 'emoji, preset small: supervised contrastive, AdamW, full augmentation',
    pictures: 'emoji',
    choices: { preset: 'small', heldOut: 0, steps: 885 },
    figures: {
      recallAt1: { reference: 43.7, atLeast: 42 },
      mapAtR: { reference: 25.2, atLeast: 24 },
      similarityPrecision: { reference: 96.2, atLeast: 95.5 },
    },
  },
  'emoji-contour': {
    about:
      'emoji, preset contour: the network of preset small beside a linear map of oriented gradients, each ranked by itself',
    pictures: 'emoji',
    choices: { preset: 'contour', heldOut: 0, steps: 590 },
    figures: { recallAt1: { reference: 47.5, atLeast: 47.5 } },
    trainingSeconds: 600,
  },
  fashion: {
    about: 'Fashion-MNIST, semi-hard negatives with g = 0.2 on squared distances, 10 classes by 12 pictures',
    pictures: 'folder',
    // The rate was chosen on the last 10,000 pictures of the training part, where 833 steps reach a Recall@1 of 89.9, 90.4
    // and 90.6 at rates of 0.05 (the reference's), 0.1 and 0.2, and a MAP@R of 81.1, 82.3 and 82.4.
    choices: { ...semiHard, learningRate: 0.1, size: 28, rows: 120, imagesPerClass: 12, steps: 850 },
    figures: { recallAt1: { reference: 90.0, atLeast: 89.5 }, mapAtR: { reference: 81.6, atLeast: 80 } },
    trainingSeconds: 180,
  },
  'fashion-contour': {
    about: 'Fashion-MNIST as in the recipe fashion, with oriented gradients as the second half of the embedding',
    pictures: 'folder',
    choices: { ...semiHard, hog: true, learningRate: 0.1, size: 28, rows: 120, imagesPerClass: 12, steps: 850 },
    figures: {},
  },
};
