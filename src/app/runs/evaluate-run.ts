import { loadModel } from '../../catalogue/embedding/embedder.ts';
import type { EmbeddingTable } from '../../evaluation/neighbours/embedding-table.ts';
import { evaluateEmbeddings } from '../../evaluation/reports/evaluate-embeddings.ts';
import { evaluateTriplets } from '../../evaluation/reports/evaluate-triplets.ts';
import type { EvaluationReport, TripletReport } from '../../evaluation/reports/evaluation-report.ts';
import { packagedModel } from '../../foundation/packaged-model.ts';
import type { LongWork } from '../../foundation/progress/progress.ts';
import { tensor } from '../../graph/tensor/tensor.ts';
import type { ImagePlace } from '../../pictures/datasets/image-place.ts';
import { tripletPlaces } from '../../ranking/triplets/triplet-places.ts';
import type { FeatureTable } from '../../training/data/feature-table.ts';
import { seesPixels } from '../../training/data/training-batch.ts';
import type { TrainingData } from '../../training/data/training-data.ts';
import type { NamedMeasures } from '../../training/doctor/unlearnt-baselines.ts';
import { trainedGraph } from '../../training/step/network-graphs.ts';
import type { FinishedTraining } from './execute-run.ts';
import type { RunPlan } from './planning/plan-run.ts';
import { rowsOfProgram } from './rows-of-program.ts';
import { untouchedFeatures } from './untrained/untouched-features.ts';
import { untrainedNames, untrainedTables } from './untrained/untrained-tables.ts';

/** What a run's model is worth on the pictures that were kept from training, and what it has to beat there. */
export interface RunEvaluation {
  /** Undefined if nothing was kept from training. */
  readonly evaluation: EvaluationReport | TripletReport | undefined;
  /** Raw pixels, HOG, the packaged model and an ONNX backbone's untouched features, on the same pictures. */
  readonly baselines: readonly NamedMeasures[];
}

/** The most pictures that held-out ones are searched among, and that are judged without training. */
export const mostInGallery = 20_000;

/** Pictures that go through the trained network at once, at most. */
const mostRowsAtOnce = 32;

/**
 * Judges what a run has learnt, and what needs no training, on its held-out pictures: each is searched among all pictures of the
 * run, those that were trained on, too, with intervals over whole classes. Of more than 20,000 pictures, or more than went
 * through the network in training, the held-out ones are searched among themselves; of more than 20,000 held-out ones the trained
 * model is judged alone. Listed triplets are judged as they are. A start that folds chose was judged by the same folds, and keeps that judgement.
 */
export async function evaluateRun(
  plan: RunPlan,
  trained: FinishedTraining,
  watched: LongWork = {},
): Promise<RunEvaluation> {
  if (plan.start !== undefined) return { evaluation: plan.start.report, baselines: plan.start.baselines };
  const { data } = plan.training;
  const pictures = evaluatedPictures(data, trained, plan.training.trunk?.config.cached === true);
  if (pictures.places.length === 0) return { evaluation: undefined, baselines: [] };
  const evaluator = evaluatorOf(plan, pictures);
  const evaluation = await evaluator(await embedTrained(plan, trained, pictures.places, watched));
  if (pictures.places.length > mostInGallery) return { evaluation, baselines: [] };
  return { evaluation, baselines: await evaluateUntrained(plan, trained, pictures.places, evaluator, watched) };
}

/** Pictures by their places, and which rows of them are judged by their classes; undefined where triplets are. */
interface EvaluatedPictures {
  readonly places: readonly ImagePlace[];
  readonly queries: readonly number[] | undefined;
}

function evaluatedPictures(
  { train, heldOut, heldOutTriplets }: TrainingData,
  { outcome }: FinishedTraining,
  cached: boolean,
): EvaluatedPictures {
  if (heldOutTriplets.length > 0) return { places: tripletPlaces(heldOutTriplets), queries: undefined };
  const all = [...train, ...heldOut].sort((a, b) => a - b);
  const most = cached ? mostInGallery : Math.min(mostInGallery, outcome.images);
  if (heldOut.length === 0 || all.length > most) return { places: heldOut, queries: heldOut.map((_, row) => row) };
  const held = new Set(heldOut);
  return { places: all, queries: all.flatMap((place, row) => (held.has(place) ? [row] : [])) };
}

type Evaluator = (table: EmbeddingTable) => Promise<EvaluationReport | TripletReport>;

/** What judges rows of the pictures, always on the same queries. */
function evaluatorOf(
  { training: { config, data }, engine }: RunPlan,
  { places, queries }: EvaluatedPictures,
): Evaluator {
  const { seed } = config;
  if (queries === undefined) {
    const row = new Map(places.map((place, index) => [place, index]));
    const triplets = data.heldOutTriplets.map(({ query, positive, negative }) => ({
      query: row.get(query)!,
      positive: row.get(positive)!,
      negative: row.get(negative)!,
    }));
    return async ({ data: embeddings, dimension }) => evaluateTriplets({ embeddings, dimension, triplets, seed });
  }
  const labels = places.map((place) => data.labels[place]);
  return ({ data: embeddings, dimension }) =>
    evaluateEmbeddings({ embeddings, dimension, labels, queries, engine, seed, over: 'classes' });
}

/** Embeddings of pictures by the weights that the run keeps; those of a cached trunk from its features. */
async function embedTrained(
  { training: { config, data, trunk }, engine }: RunPlan,
  { outcome, features }: FinishedTraining,
  places: readonly ImagePlace[],
  watched: LongWork,
): Promise<EmbeddingTable> {
  const rowsAtOnce = Math.min(mostRowsAtOnce, config.engine.rowsAtOnce);
  const seen = seesPixels(config.network);
  const { width, height } = seen ? data.pixels.rule : { width: 0, height: 0 };
  const trained = {
    graph: trainedGraph(config, outcome.weights, rowsAtOnce, trunk),
    name: 'trained',
    output: 'embedding',
    rowsAtOnce,
    work: 'judging what was learnt',
    async feeds(batch: readonly ImagePlace[]) {
      const image = tensor('uint8', [rowsAtOnce, height, width, 3], await data.pixels.batch(seen ? batch : []));
      return { image, ...(features === undefined ? {} : { features: features.batch(batch) }) };
    },
  };
  return rowsOfProgram(engine, trained, places, watched);
}

async function evaluateUntrained(
  { training: { config, data, trunk }, dataset, engine }: RunPlan,
  { features }: FinishedTraining,
  places: readonly ImagePlace[],
  evaluator: Evaluator,
  watched: LongWork,
): Promise<NamedMeasures[]> {
  const packaged = await loadModel(packagedModel, { engine, precision: 'float32' });
  try {
    const backbone =
      trunk === undefined
        ? undefined
        : async (of: LongWork) =>
            features === undefined
              ? untouchedFeatures(engine, trunk, data.pixels, places, of)
              : cachedTable(features, places);
    const found: NamedMeasures[] = [];
    const sources = places.map((place) => dataset.images[place].source);
    const rule = config.preprocessing;
    for await (const table of untrainedTables({ sources, rule, packaged, backbone, ...watched })) {
      const { measures } = await evaluator(table);
      found.push({ name: untrainedNames[table.kind], measures });
    }
    return found;
  } finally {
    await packaged.close();
  }
}

function cachedTable(features: FeatureTable, places: readonly ImagePlace[]): EmbeddingTable {
  const { data } = features.batch(places);
  return { data: data as Float32Array, dimension: features.length };
}
