/**
 * One row of the table.
 *
 * @typedef {object} Row
 * @property {'comparison' | 'sampling' | 'scales'} table
 * @property {string} about
 * @property {'emoji' | 'emoji-subgroups' | 'fashion' | 'photographs'} data
 * @property {'pixels' | 'hog' | 'wavelets' | 'oasis' | 'classification' | 'ranking' | 'mined'} method
 * @property {boolean} seeded whether the seed changes anything
 * @property {object} [settings] of the method
 */

const emoji = /** @type {const} */ ({ data: 'emoji', seeded: true });
const unlearnt = { table: 'comparison', ...emoji, seeded: false };
const ranking = (law, outOfClass, paths = 'subsampled') => ({ law, outOfClass, paths });
const sampling = (law, percent) => ({
  table: 'sampling',
  about: `multi-scale ranking, ${law} sampling, ${percent}% out of class`,
  ...emoji,
  method: 'ranking',
  settings: ranking(law, percent / 100),
});

const scales = (data, name, size) =>
  Object.fromEntries(
    [
      ['single', 'none'],
      ['multi', 'subsampled'],
    ].map(([scale, paths]) => [
      `scales-${data}-${scale}`,
      {
        table: 'scales',
        about: `${name}: ${scale}-scale`,
        data,
        method: 'mined',
        seeded: true,
        settings: { paths, size },
      },
    ]),
  );

/** All rows by name, in the order of the tables. @type {Record<string, Row>} */
export const rows = {
  'raw-pixels': { ...unlearnt, about: 'raw pixels', method: 'pixels' },
  wavelets: { ...unlearnt, about: 'wavelet signatures', method: 'wavelets' },
  hog: { ...unlearnt, about: 'HOG', method: 'hog' },
  oasis: {
    table: 'comparison',
    about: 'OASIS on HOG',
    ...emoji,
    method: 'oasis',
    settings: { directions: 128, aggressiveness: 0.1, triplets: 100_000, outOfClass: 0.2 },
  },
  classification: {
    table: 'comparison',
    about: 'classification features',
    ...emoji,
    method: 'classification',
    // Better than 0.05 on a fifth of the learnt concepts.
    settings: { learningRate: 0.01 },
  },
  'single-scale': {
    table: 'comparison',
    about: 'single-scale ranking',
    ...emoji,
    method: 'ranking',
    settings: ranking('weighted', 0.2, 'none'),
  },
  'multi-scale': {
    table: 'comparison',
    about: 'multi-scale ranking',
    ...emoji,
    method: 'ranking',
    settings: ranking('weighted', 0.2),
  },
  contours: {
    table: 'comparison',
    about: 'multi-scale ranking beside oriented gradients',
    ...emoji,
    method: 'ranking',
    settings: { ...ranking('weighted', 0.2), hog: true },
  },
  'uniform-0': sampling('uniform', 0),
  'uniform-20': sampling('uniform', 20),
  'uniform-50': sampling('uniform', 50),
  'uniform-100': sampling('uniform', 100),
  'weighted-0': sampling('weighted', 0),
  // 20% is the row multi-scale.
  'weighted-50': sampling('weighted', 50),
  'weighted-100': sampling('weighted', 100),
  ...scales('emoji', 'emoji by concept, unseen concepts', 64),
  ...scales('emoji-subgroups', 'emoji by subgroup, unseen concepts', 64),
  ...scales('fashion', 'Fashion-MNIST by class', 28),
  ...scales('photographs', 'grey crops of photographs, unseen photographs', 64),
};
