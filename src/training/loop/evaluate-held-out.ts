import type { Engine } from '../../engines/engine.ts';
import { evaluateEmbeddings } from '../../evaluation/reports/evaluate-embeddings.ts';
import { evaluateTriplets } from '../../evaluation/reports/evaluate-triplets.ts';
import type { EvaluationReport, TripletReport } from '../../evaluation/reports/evaluation-report.ts';
import type { Triplet } from '../../ranking/triplets/triplet.ts';
import { tripletPlaces } from '../../ranking/triplets/triplet-places.ts';
import type { TrainingData } from '../data/training-data.ts';
import { embedPlaces } from '../step/embed-places.ts';
import type { Trainer } from '../step/trainer.ts';

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
