import type { Engine } from '../../engines/engine.ts';
import { evaluateEmbeddings } from '../../evaluation/reports/evaluate-embeddings.ts';
import { evaluateTriplets } from '../../evaluation/reports/evaluate-triplets.ts';
import type { ImageDataset } from '../../pictures/datasets/dataset.ts';
import { judgeEach, unlearntFeatures } from '../../pictures/features/unlearnt-features.ts';
import { tripletPlaces } from '../../ranking/triplets/triplet-places.ts';
import type { TrainingConfig } from '../../training/configuration/training-config.ts';
import type { TrainingData } from '../../training/data/training-data.ts';
import type { NamedMeasures } from '../../training/doctor/unlearnt-baselines.ts';

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
  const features = await unlearntFeatures(sources, preprocessing);
  const { indexes } = features;
  const row = new Map(indexes.map((index, at) => [places[index], at]));
  const triplets = heldOutTriplets.flatMap(({ query, positive, negative }) => {
    const [q, p, n] = [row.get(query), row.get(positive), row.get(negative)];
    return q === undefined || p === undefined || n === undefined ? [] : [{ query: q, positive: p, negative: n }];
  });
  const { rawPixels, hog } = await judgeEach(features, async ({ data, dimension }, name): Promise<NamedMeasures> => {
    const judged = { embeddings: data, dimension, seed };
    const { measures } =
      triplets.length > 0
        ? evaluateTriplets({ ...judged, triplets })
        : await evaluateEmbeddings({ ...judged, labels: indexes.map((index) => labels[places[index]]), engine });
    return { name, measures };
  });
  return [rawPixels, hog];
}
