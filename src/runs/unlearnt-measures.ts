import type { ImageDataset } from '../datasets/dataset.ts';
import type { NamedMeasures } from '../doctor/unlearnt-baselines.ts';
import { unlearntFeatures } from '../embedding/unlearnt-features.ts';
import type { Engine } from '../engines/engine.ts';
import { evaluateEmbeddings } from '../evaluation/evaluate-embeddings.ts';
import { evaluateTriplets } from '../evaluation/evaluate-triplets.ts';
import type { TrainingConfig } from '../training/training-config.ts';
import type { TrainingData } from '../training/training-data.ts';
import { tripletPlaces } from '../triplets/triplet-places.ts';

/** The most held-out pictures for which the unlearnt baselines are judged. */
export const mostForBaselines = 5000;

/**
 * What raw pixels and histograms of oriented gradients reach on the pictures, or the listed triplets, that were kept from training:
 * the same measures on the same pictures as the model's. Empty where nothing was held out, or more than 5,000 pictures.
 */
export async function unlearntMeasures(
  { preprocessing, seed }: Pick<TrainingConfig, 'preprocessing' | 'seed'>,
  dataset: ImageDataset,
  { heldOut, heldOutTriplets, labels }: Pick<TrainingData, 'heldOut' | 'heldOutTriplets' | 'labels'>,
  engine: Engine,
): Promise<NamedMeasures[]> {
  const places = heldOutTriplets.length > 0 ? tripletPlaces(heldOutTriplets) : heldOut;
  if (places.length === 0 || places.length > mostForBaselines) return [];
  const sources = places.map((place) => dataset.images[place].source);
  const { rawPixels, hog, indexes } = await unlearntFeatures(sources, preprocessing);
  const row = new Map(indexes.map((index, at) => [places[index], at]));
  const triplets = heldOutTriplets.flatMap(({ query, positive, negative }) => {
    const [q, p, n] = [row.get(query), row.get(positive), row.get(negative)];
    return q === undefined || p === undefined || n === undefined ? [] : [{ query: q, positive: p, negative: n }];
  });
  const found: NamedMeasures[] = [];
  for (const [name, features] of [
    ['raw pixels', rawPixels],
    ['HOG', hog],
  ] as const) {
    const judged = { embeddings: features.data, dimension: features.dimension, seed };
    const { measures } =
      triplets.length > 0
        ? evaluateTriplets({ ...judged, triplets })
        : await evaluateEmbeddings({ ...judged, labels: indexes.map((index) => labels[places[index]]), engine });
    found.push({ name, measures });
  }
  return found;
}
