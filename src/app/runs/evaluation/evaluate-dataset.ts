import type { Embedder } from '../../../catalogue/embedding/embedder.ts';
import type { Engine } from '../../../engines/engine.ts';
import type { ResampledUnit } from '../../../evaluation/intervals/bootstrap-measures.ts';
import type { EmbeddingTable } from '../../../evaluation/neighbours/embedding-table.ts';
import { evaluateEmbeddings } from '../../../evaluation/reports/evaluate-embeddings.ts';
import type { EvaluationReport } from '../../../evaluation/reports/evaluation-report.ts';
import { type LongWork, partOf } from '../../../foundation/progress/progress.ts';
import type { ImageDataset } from '../../../pictures/datasets/dataset.ts';
import type { Trunk } from '../../../ranking/backbones/trunk.ts';
import type { SearchDistanceName } from '../../../ranking/distances/search-distance.ts';
import { untouchedOf } from '../untrained/untouched-of.ts';
import { embedLabelled } from './embed-labelled.ts';
import { type Baselines, evaluateBaselines } from './evaluate-baselines.ts';

/** A model, and the images that it is evaluated on. */
export interface EvaluateDatasetOptions extends LongWork {
  readonly dataset: ImageDataset;
  readonly embedder: Embedder;
  /** What compares queries with the gallery. */
  readonly engine: Engine;
  readonly seed: number;
  readonly ks: readonly number[];
  /** Judge raw pixels and HOG, too; by Euclidean distance whatever the model is judged by. */
  readonly baselines: boolean;
  /** With `baselines` the model that the package carries is judged, too. */
  readonly packaged?: Embedder | undefined;
  /** With `baselines` the features of this backbone are judged, too. */
  readonly backbone?: Trunk | undefined;
  /** What intervals draw anew: single queries or whole classes. Default: `queries`. */
  readonly over?: ResampledUnit;
  /** What embeddings are compared by. Default: the model's own. */
  readonly distance?: SearchDistanceName;
  /** Judge the signs of the embeddings, too, by Hamming distance. Default: false. */
  readonly binary?: boolean;
}

/** What was found out about a model on a dataset. */
export interface DatasetEvaluation {
  readonly report: EvaluationReport;
  /** Embeddings of the images that could be read, and for each row the place of its image in the dataset. */
  readonly embedded: EmbeddingTable & { readonly places: readonly number[] };
  readonly baselines: Baselines | undefined;
  /** The same images with one bit an element, if it was asked for. */
  readonly binary: EvaluationReport | undefined;
  /** Images of no class, which were left out. */
  readonly withoutClass: number;
  readonly unreadable: readonly { readonly id: string; readonly reason: string }[];
}

/**
 * Judges a model on labelled images: every image is a query, all others are the gallery, those of its class are relevant.
 *
 * @throws if no image can be read, or there are fewer than two classes or no class with two images; an AbortError if
 * it was aborted.
 */
export async function evaluateDataset(options: EvaluateDatasetOptions): Promise<DatasetEvaluation> {
  const { dataset, embedder, engine, seed, ks, over = 'queries', onProgress, signal } = options;
  const { distance = embedder.model.metadata.distance } = options;
  const embedded = await embedLabelled(dataset, embedder, { onProgress, signal });
  const { data, dimension, places, labels, withoutClass, unreadable } = embedded;
  const judge = (work: string, by: SearchDistanceName) =>
    evaluateEmbeddings({
      embeddings: data,
      dimension,
      labels,
      engine,
      seed,
      ks,
      over,
      distance: by,
      ...partOf(options, work),
    });
  const report = await judge('judging the model', distance);
  const binary = options.binary === true ? await judge('judging its signs', 'hamming') : undefined;
  const { preprocessing: rule } = embedder.model.metadata;
  const baselines = options.baselines
    ? await evaluateBaselines({
        sources: places.map((place) => dataset.images[place].source),
        labels,
        rule,
        packaged: options.packaged,
        backbone: untouchedOf(options.backbone, engine, dataset, places, rule.fit),
        ...{ engine, onProgress, signal, seed, ks, over },
      })
    : undefined;
  return { report, embedded: { data, dimension, places }, baselines, binary, withoutClass, unreadable };
}
