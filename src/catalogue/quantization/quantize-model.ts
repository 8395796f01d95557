import type { Engine } from '../../engines/engine.ts';
import type { Calibration } from '../../evaluation/calibration/calibration.ts';
import { fitCalibration, TooFewPairs } from '../../evaluation/calibration/fit-calibration.ts';
import { evaluateEmbeddings } from '../../evaluation/reports/evaluate-embeddings.ts';
import type { EvaluationReport } from '../../evaluation/reports/evaluation-report.ts';
import {
  type OptionRules,
  objectWith,
  oneOf,
  optional,
  text,
  wholeNumber,
} from '../../foundation/arguments/argument-rule.ts';
import { checkOptions } from '../../foundation/arguments/check-options.ts';
import { throwIfAborted } from '../../foundation/errors/abort-error.ts';
import { ModelError } from '../../foundation/errors/model-error.ts';
import { type LongWork, longWorkRules, partOf } from '../../foundation/progress/progress.ts';
import type { Graph } from '../../graph/builder/graph.ts';
import { importDecoded } from '../../graph/import/import-model.ts';
import type { ImageDataset } from '../../pictures/datasets/dataset.ts';
import { datasetRule } from '../../pictures/datasets/dataset-rule.ts';
import type { SearchDistanceName } from '../../ranking/distances/search-distance.ts';
import { embedAll } from '../embedding/embed-all.ts';
import { Embedder } from '../embedding/embedder.ts';
import { type ModelFile, readModel, writeModel } from '../embedding/model-file.ts';
import type { ModelMetadata, Quantization } from '../embedding/model-metadata.ts';
import { observe, observedValues } from './calibrate.ts';
import { calibrationBatches } from './calibration-batches.ts';
import { chooseImages, type LabelledSource } from './choose-images.ts';
import { foldBatchNormalization } from './fold-batch-normalization.ts';
import { quantizableLayers } from './quantizable-layers.ts';
import { quantizeGraph } from './quantize-graph.ts';
import { type RangeEstimatorName, rangeEstimatorNames, rangeEstimators } from './range-estimator.ts';

/** What Recall@1 may lose, as a share of 1. */
export const largestRecallLoss = 0.005;

/**
 * Weights become whole numbers from minus this to this unless told otherwise: seven bits, for some processors (x86 without
 * VNNI) add products of bytes in pairs in 16 bits, which 255 x 63 x 2 fits and 255 x 127 x 2 does not.
 */
export const defaultWeightLimit = 63;

/** Which model is quantised, on which images its ranges are observed, and where it goes. */
export interface QuantizeModelOptions extends LongWork {
  /** The model in floating point. */
  readonly model: string;
  /** Where the quantised model goes. */
  readonly output: string;
  /** Pictures to calibrate on, and to judge on unless `judge` is given. */
  readonly dataset: ImageDataset;
  /** Labelled pictures to judge on, that the model was not trained on. Default: the labelled pictures of `dataset` that are not calibrated on. */
  readonly judge?: ImageDataset;
  readonly engine: Engine;
  /** Pictures to calibrate on. Default: 256. */
  readonly calibrationImages?: number;
  /** Decides which. Default: 0. */
  readonly seed?: number;
  readonly ranges?: RangeEstimatorName;
  readonly weightLimit?: number;
}

const quantizeRules: OptionRules<QuantizeModelOptions> = {
  model: text('the path of a model'),
  output: text('the path of a file to write'),
  dataset: datasetRule,
  judge: optional(datasetRule),
  engine: objectWith('an engine', ['compile'], 'await OnnxruntimeEngine.create() gives one'),
  calibrationImages: optional(wholeNumber(1)),
  seed: optional(wholeNumber()),
  ranges: optional(oneOf(rangeEstimatorNames)),
  weightLimit: optional(wholeNumber(1, 127)),
  ...longWorkRules,
};

/** What quantising a model came to. */
export interface QuantizedModel {
  readonly metadata: ModelMetadata;
  readonly quantization: Quantization;
  readonly before: EvaluationReport;
  readonly after: EvaluationReport;
  /** The quantised model's own, also in its file; or why it has none. */
  readonly calibration: Calibration | TooFewPairs;
}

/**
 * Makes a model whose layers work on bytes of one in floating point, and writes it if it is hardly worse: ranges of
 * activations from pictures, weights by filter, Recall@1 of both on the same labelled pictures. Its embeddings are others
 * than before: a store has to be filled anew. What was measured of the other model is not in its file; its distances are
 * calibrated on the labelled pictures, where there are enough pairs (see `fitCalibration`).
 *
 * @throws if the model is quantised already or has no layer that could be, if there are no pictures or none with a class, or
 * if Recall@1 falls by more than half a point: then nothing is written.
 */
export async function quantizeModel(options: QuantizeModelOptions): Promise<QuantizedModel> {
  checkOptions(options, quantizeRules);
  throwIfAborted(options.signal);
  const { engine, output, ranges = 'mean-squared-error', weightLimit = defaultWeightLimit } = options;
  const model = await readModel(options.model);
  const images = chooseImages(options.dataset, options.calibrationImages ?? 256, options.seed ?? 0, options.judge);
  const graph = quantizableGraph(model);
  const layers = quantizableLayers(graph);
  const batches = calibrationBatches(images.calibration, model.metadata, options);
  const { seen, rows } = await observe(graph, observedValues(layers), engine, batches);
  const chosen = new Map([...seen].map(([value, histogram]) => [value, rangeEstimators[ranges](histogram)]));
  const quantized = quantizeGraph(graph, { ranges: chosen, weightLimit });

  const before = await judge(model, importDecoded(model.decoded), images.judged, options, 'judging the model');
  const after = await judge(model, quantized, images.judged, options, 'judging the quantised model');
  const { goldens, format, createdBy, dimension, calibration: othersCalibration, ...description } = model.metadata;
  const quantization: Quantization = {
    of: model.id,
    layers: layers.length,
    weightLimit,
    ranges,
    calibrationImages: rows,
    queries: before.report.queries,
    recallAt1: {
      before: before.report.measures['recallAt1'].value,
      after: after.report.measures['recallAt1'].value,
    },
  };
  refuseLoss(quantization);
  const calibration = calibrationOf(after, description.distance, options.seed ?? 0);
  const measured = calibration instanceof TooFewPairs ? {} : { calibration };
  // What was measured of the other model is not true of this one.
  const own = { ...description, ...measured, evaluation: {}, quantization };
  const metadata = await writeModel(output, quantized, own, { engine });
  return { metadata, quantization, before: before.report, after: after.report, calibration };
}

/** The share of alike pairs at a distance among the pictures that were judged, or that there are too few. */
function calibrationOf(
  { embeddings, dimension, labels, report: { images, classes } }: Judged,
  distance: SearchDistanceName,
  seed: number,
): Calibration | TooFewPairs {
  const source = `${images} images of ${classes} classes that quantising was judged on`;
  try {
    return fitCalibration({ embeddings, dimension, labels, distance, seed, source });
  } catch (error) {
    if (error instanceof TooFewPairs) return error;
    throw error;
  }
}

function quantizableGraph({ path, decoded, metadata }: ModelFile): Graph {
  const graph = importDecoded(decoded);
  const isQuantized = ({ op }: { readonly op: string }) => /Quantize|^QLinear|Integer$/.test(op);
  if (metadata.quantization !== undefined || graph.nodes.some(isQuantized)) {
    throw new ModelError(`'${path}' is quantised already: give the model that it was made of`);
  }
  const folded = foldBatchNormalization(graph);
  if (quantizableLayers(folded).length > 0) return folded;
  throw new ModelError(
    `'${path}' has no convolution and no hidden dense layer with constant weights: nothing can be quantised (what goes on from the packaged model keeps its layers in bytes as it is)`,
  );
}

/** Labelled embeddings by one of the two models, and how good they are. */
interface Judged {
  readonly embeddings: Float32Array;
  readonly dimension: number;
  readonly labels: readonly number[];
  readonly report: EvaluationReport;
}

async function judge(
  model: ModelFile,
  graph: Graph,
  judged: readonly LabelledSource[],
  options: QuantizeModelOptions,
  work: string,
): Promise<Judged> {
  const { engine, seed = 0 } = options;
  const embedder = new Embedder(model, await engine.compile(graph, { name: work }));
  try {
    const { data, dimension, indexes } = await embedAll(
      embedder,
      judged.map(({ source }) => source),
      partOf(options, work),
    );
    const labels = indexes.map((index) => judged[index].label);
    const embedded = { embeddings: data, dimension, labels };
    return { ...embedded, report: await evaluateEmbeddings({ ...embedded, engine, seed, ks: [1] }) };
  } finally {
    await embedder.close();
  }
}

/** @throws if Recall@1 falls by more than half a point. */
function refuseLoss({ queries, recallAt1: { before, after } }: Quantization): void {
  const lost = before - after;
  // Recalls are counts over the queries: a hair of tolerance keeps rounding from deciding.
  if (lost <= largestRecallLoss + 1e-9) return;
  const points = (share: number) => (100 * share).toFixed(2);
  throw new ModelError(
    `Recall@1 falls from ${points(before)}% to ${points(after)}% on ${queries} queries, by ${points(lost)} points where ` +
      `${points(largestRecallLoss)} are allowed, so nothing is written: calibrate on more pictures of the kind that will be ` +
      `searched${queries < 400 ? `, judge on more (one query is ${points(1 / queries)} points)` : ''}, or keep the model in floating point`,
  );
}
