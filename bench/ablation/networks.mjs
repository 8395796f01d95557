import { rm } from 'node:fs/promises';
import path from 'node:path';
import { embedAll, loadModel, train as trainRun } from '../../dist/index.js';
import { smallSgd } from '../small-sgd.mjs';
import { distanceMatrix } from './distance-matrix.mjs';
import { gradedTriplets } from './graded-triplets.mjs';

/** Rows through the network a step. */
export const rowsPerStep = 120;

/** The optimiser of all networks here: that of the triplet recipes in bench/quality. */
const optimization = { ...smallSgd, learningRate: 0.05, heldOut: 0 };
const hinge = { loss: 'hinge', gap: 0.2, distance: 'squared-euclidean', rows: rowsPerStep };

/**
 * What a row trains with, beside seed and steps. Weighted sampling is the library's online importance sampler; uniform
 * triplets of a given share out of class are drawn beforehand and listed.
 */
export function choicesOf({ method, settings }, sampler) {
  if (method === 'mined') {
    return {
      ...optimization,
      size: settings.size,
      paths: settings.paths,
      loss: 'semi-hard',
      gap: 0.2,
      distance: 'squared-euclidean',
      rows: rowsPerStep,
      imagesPerClass: 4,
    };
  }
  const contours = settings.hog ? { hog: true } : {};
  const network = { ...optimization, ...hinge, ...contours, size: 64, paths: settings.paths };
  if (settings.law === 'uniform') return network;
  return {
    ...network,
    sampler: 'relevance',
    relevance: `labels:${sampler.decay}`,
    outOfClass: settings.outOfClass,
    relevanceMargin: sampler.margin,
    buffer: sampler.capacity,
  };
}

/** Trains a network on a part of the data and gives the distances of the other part's embeddings. */
export async function networkDistances({ train, test, relevance }, task, engine) {
  const { row, seed, steps, sampler, work, threads, onStep } = task;
  const listed = row.method === 'ranking' && row.settings.law === 'uniform';
  const folder = path.join(work, `run-${task.hash}`);
  await rm(folder, { recursive: true, force: true });
  const trained = await trainRun({
    material: {
      dataset: train,
      triplets: listed
        ? gradedTriplets(relevance, {
            count: (steps * rowsPerStep) / 3,
            outOfClass: row.settings.outOfClass,
            law: 'uniform',
            margin: sampler.margin,
            seed,
          })
        : undefined,
    },
    folder,
    choices: { ...choicesOf(row, sampler), seed, steps, threads },
    onEvent: (event) => event.kind === 'step' && onStep(event.progress),
  });
  const embedder = await loadModel(trained.run.model, { engine });
  const { data, dimension } = await embedAll(
    embedder,
    test.images.map(({ source }) => source),
    {},
  );
  await embedder.close();
  const matrix = await distanceMatrix(engine, { data, dimension });
  await rm(folder, { recursive: true, force: true });
  return { matrix, seconds: trained.outcome.seconds, parameters: trained.outcome.parameterCount };
}
