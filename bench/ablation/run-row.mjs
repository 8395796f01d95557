import { classificationDistances } from './classification.mjs';
import { judge } from './judge.mjs';
import { relevanceNumbers } from './material.mjs';
import { networkDistances } from './networks.mjs';
import { featureDistances, oasisDistances, waveletDistances } from './unlearnt.mjs';

/** Makes and judges one run; `measures`, and what there is to tell of training. */
export async function runRow(material, task, engine) {
  const { matrix, ...outcome } = await distancesOf(material, task, engine);
  const labels = Int32Array.from(material.test.images, ({ label }) => label);
  return { measures: judge(matrix, labels, material.graded), ...rounded(outcome) };
}

async function distancesOf(material, task, engine) {
  const { row, seed } = task;
  switch (row.method) {
    case 'pixels':
    case 'hog':
      return featureDistances(material.test, row.method, engine);
    case 'wavelets':
      return waveletDistances(material.test);
    case 'oasis': {
      const { decay: _, ...sampler } = relevanceNumbers;
      return oasisDistances(material, { settings: row.settings, sampler, seed }, engine);
    }
    case 'classification':
      return classificationDistances(material, task, engine);
    case 'ranking':
    case 'mined':
      return networkDistances(material, { ...task, sampler: relevanceNumbers }, engine);
  }
}

const rounded = ({ seconds, ...outcome }) =>
  seconds === undefined ? outcome : { ...outcome, seconds: Number(seconds.toFixed(1)) };
