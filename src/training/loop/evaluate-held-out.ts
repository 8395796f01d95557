import type { Engine } from '../../engines/engine.ts';
import { inFixedBatches, tableOfRows } from '../../engines/fixed-batches.ts';
import { evaluateEmbeddings } from '../../evaluation/reports/evaluate-embeddings.ts';
import { evaluateTriplets } from '../../evaluation/reports/evaluate-triplets.ts';
import type { EvaluationReport, TripletReport } from '../../evaluation/reports/evaluation-report.ts';
import { tensor } from '../../graph/tensor/tensor.ts';
import type { ImagePlace } from '../../pictures/datasets/image-place.ts';
import type { PixelCache } from '../../pictures/preparation/pixel-cache.ts';
import type { Triplet } from '../../ranking/triplets/triplet.ts';
import { tripletPlaces } from '../../ranking/triplets/triplet-places.ts';
import type { FeatureTable } from '../data/feature-table.ts';
import { seesPixels } from '../data/training-batch.ts';
import type { TrainingData } from '../data/training-data.ts';
import type { Trainer } from '../step/trainer.ts';

/**
 * Embeddings of the pictures at `places`, one row each, by the network as it now is; see `inFixedBatches`. A network with a
 * cached trunk needs the pictures' `features`.
 */
export function embedPlaces(
  trainer: Trainer,
  pixels: PixelCache,
  places: readonly ImagePlace[],
  features?: FeatureTable,
): Promise<Float32Array> {
  const { embedRows: rows } = trainer;
  const seen = seesPixels(trainer.config.network);
  const { width, height } = seen ? pixels.rule : { width: 0, height: 0 };
  const batches = inFixedBatches(places, rows, async (batch) => {
    const image = tensor('uint8', [rows, height, width, 3], await pixels.batch(seen ? batch : []));
    return trainer.embed(image, features?.batch(batch));
  });
  return tableOfRows(batches, places.length, trainer.config.network.embeddingDimension);
}

/** The evaluation of the held-out part: one number to compare runs by, and the whole report. */
export interface HeldOutEvaluation {
  /** MAP@R, or the similarity precision where triplets were listed. Larger is better. */
  readonly score: number;
  readonly report: EvaluationReport | TripletReport;
}

/** Evaluates the network on the pictures kept from training; undefined if none were. */
export async function evaluateHeldOut(
  trainer: Trainer,
  data: TrainingData,
  engine: Engine,
): Promise<HeldOutEvaluation | undefined> {
  const dimension = trainer.config.network.embeddingDimension;
  const { seed } = trainer.config;
  if (data.heldOutTriplets.length > 0) {
    const places = tripletPlaces(data.heldOutTriplets);
    const row = new Map(places.map((place, index) => [place, index]));
    const triplets: Triplet[] = data.heldOutTriplets.map(({ query, positive, negative }) => ({
      query: row.get(query)!,
      positive: row.get(positive)!,
      negative: row.get(negative)!,
    }));
    const embeddings = await embedPlaces(trainer, data.pixels, places, data.features);
    const report = evaluateTriplets({ embeddings, dimension, triplets, seed });
    return { score: report.measures.similarityPrecision.value, report };
  }
  if (data.heldOut.length === 0) return undefined;
  const embeddings = await embedPlaces(trainer, data.pixels, data.heldOut, data.features);
  const labels = data.heldOut.map((place) => data.labels[place]);
  const report = await evaluateEmbeddings({ embeddings, dimension, labels, engine, seed });
  return { score: report.measures.mapAtR.value, report };
}
