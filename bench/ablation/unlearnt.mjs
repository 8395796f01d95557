import { Oasis } from '../../dist/evaluation/baselines/oasis.js';
import { WaveletIndex } from '../../dist/evaluation/baselines/wavelet-index.js';
import { unlearntFeatures } from '../../dist/pictures/features/unlearnt-features.js';
import { waveletSide, waveletSignature } from '../../dist/pictures/features/wavelet-signature.js';
import { preprocess } from '../../dist/pictures/preparation/preprocess.js';
import { preprocessingRule } from '../../dist/pictures/preparation/preprocessing-rule.js';
import { RelevanceTriplets } from '../../dist/ranking/triplets/samplers/relevance-triplets.js';
import { distanceMatrix } from './distance-matrix.mjs';
import { projectRows, strongestDirections } from './strongest-directions.mjs';

const sourcesOf = (dataset) => dataset.images.map(({ source }) => source);
const featuresOf = (dataset) => unlearntFeatures(sourcesOf(dataset), preprocessingRule(64, 64));

/** Distances of raw pixels or HOG at 64 x 64. */
export async function featureDistances(test, kind, engine) {
  const features = await featuresOf(test);
  return { matrix: await distanceMatrix(engine, kind === 'hog' ? features.hog : features.rawPixels) };
}

/** Scores of wavelet signatures at 128 x 128. */
export async function waveletDistances(test) {
  const signatures = [];
  for (const source of sourcesOf(test)) {
    const data = await preprocess(source, preprocessingRule(waveletSide, waveletSide));
    signatures.push(waveletSignature({ width: waveletSide, height: waveletSide, data }));
  }
  const index = new WaveletIndex(signatures);
  const matrix = new Float32Array(signatures.length ** 2);
  for (const [query, signature] of signatures.entries()) matrix.set(index.scores(signature), query * signatures.length);
  return { matrix };
}

/**
 * OASIS on HOG, on triplets drawn by relevance as the networks draw theirs. The feature's 1,764 numbers are projected on the
 * directions along which the learnt pictures are longest, and brought to length 1: on all of them a triplet costs 6 to
 * 10 ms, and too few fit into a minute.
 */
export async function oasisDistances({ train, test, relevance }, { settings, sampler, seed }, engine) {
  const hogOfTrain = unitRows((await featuresOf(train)).hog);
  const hogOfTest = unitRows((await featuresOf(test)).hog);
  const started = performance.now();
  const directions = await strongestDirections(engine, hogOfTrain, settings.directions);
  const learning = unitRows(await projectRows(engine, hogOfTrain, directions));
  const judged = unitRows(await projectRows(engine, hogOfTest, directions));
  const oasis = new Oasis(settings.directions, { aggressiveness: settings.aggressiveness });
  const source = RelevanceTriplets.fromSeed(relevance, { ...sampler, outOfClass: settings.outOfClass }, seed);
  let losses = 0;
  for (let drawn = 0; drawn < settings.triplets; drawn++) losses += oasis.learn(learning, source.next());
  const seconds = (performance.now() - started) / 1000;
  // Rows of the gallery have length 1, so that the Euclidean distance to W^T q ranks as the similarity does.
  const matrix = await distanceMatrix(engine, judged, oasis.queries(judged));
  return { matrix, seconds, meanLoss: losses / settings.triplets };
}

/** Rows divided by their lengths; a row of zeros stays one. */
function unitRows({ data, dimension }) {
  const unit = new Float32Array(data.length);
  for (let start = 0; start < data.length; start += dimension) {
    let squared = 0;
    for (let i = start; i < start + dimension; i++) squared += data[i] * data[i];
    const length = Math.sqrt(squared) || 1;
    for (let i = start; i < start + dimension; i++) unit[i] = data[i] / length;
  }
  return { data: unit, dimension };
}
