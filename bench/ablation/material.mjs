import { loadDataset } from '../../dist/index.js';
import { categoriesOf } from '../../dist/ranking/relevance/categories.js';
import { labelRelevance } from '../../dist/ranking/relevance/label-relevance.js';
import { cropNumbers, loadCrops } from './crops.mjs';
import { loadEmoji } from './emoji.mjs';
import { gradedTriplets } from './graded-triplets.mjs';

/**
 * Relevance and the sampler's numbers: 1 within a concept, 0.1 within a subgroup, 0.01 within a group, 0 between groups. The
 * buffers have room for every picture: the set is small enough.
 */
export const relevanceNumbers = { decay: 0.1, margin: 0.05, capacity: 2000 };

/** Triplets of either kind that judge. They are drawn once, of pictures that nothing is learnt from. */
const judged = { eachKind: 10_000, seed: 0 };

const loaded = new Map();

/**
 * The pictures of a row, those to learn from and those to be judged on; for the emoji by concept also the relevance of the
 * former, and the triplets of the latter that judge. What decides them is in `configuration`.
 */
export async function loadMaterial(kind, options) {
  if (!loaded.has(kind)) loaded.set(kind, await load(kind, options));
  return loaded.get(kind);
}

async function load(kind, { work, folder }) {
  switch (kind) {
    case 'emoji': {
      const { hash, train, test } = await loadEmoji(work, 'concept');
      const relevance = relevanceOf(train);
      const testRelevance = relevanceOf(test);
      const draw = (outOfClass) =>
        gradedTriplets(testRelevance, {
          count: judged.eachKind,
          outOfClass,
          law: 'weighted',
          margin: relevanceNumbers.margin,
          seed: judged.seed,
        });
      const graded = { triplets: [...draw(0), ...draw(1)], categories: testRelevance.categories };
      return { train, test, relevance, graded, configuration: { kind, hash, relevanceNumbers, judged } };
    }
    case 'emoji-subgroups': {
      const { hash, train, test } = await loadEmoji(work, 'subgroup');
      return { train, test, configuration: { kind, hash } };
    }
    case 'fashion': {
      const train = await loadDataset(folder, { part: 'train' });
      const test = await loadDataset(folder, { part: 'test' });
      return { train, test, configuration: { kind, images: [train.images.length, test.images.length] } };
    }
    case 'photographs': {
      const { train, test } = await loadCrops(folder, work);
      const names = [...train.classes, ...test.classes];
      return { train, test, configuration: { kind, names, cropNumbers } };
    }
  }
}

/** Graded relevance of all images of a part. No two of the emoji look the same, so that none is another's twin. */
function relevanceOf(dataset) {
  const places = Array.from(dataset.images.keys());
  const images = { dataset, places, twins: places };
  return labelRelevance(images, categoriesOf(images, 1), relevanceNumbers.decay);
}
