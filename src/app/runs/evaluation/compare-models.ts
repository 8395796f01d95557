import type { Embedder } from '../../../catalogue/embedding/embedder.ts';
import type { Engine } from '../../../engines/engine.ts';
import type { ResampledUnit } from '../../../evaluation/intervals/bootstrap-measures.ts';
import { type PairedMeasure, pairedDifferences } from '../../../evaluation/intervals/paired-differences.ts';
import { type MeasuresByQuery, measuresByQuery } from '../../../evaluation/reports/measures-by-query.ts';
import { ModelError } from '../../../foundation/errors/model-error.ts';
import { type LongWork, partOf } from '../../../foundation/progress/progress.ts';
import type { ImageDataset } from '../../../pictures/datasets/dataset.ts';
import type { ImagePlace } from '../../../pictures/datasets/image-place.ts';
import type { Trunk } from '../../../ranking/backbones/trunk.ts';
import type { SearchDistanceName } from '../../../ranking/distances/search-distance.ts';
import { untouchedOf } from '../untrained/untouched-of.ts';
import { embedLabelled, type LabelledEmbeddings } from './embed-labelled.ts';
import { type Baselines, evaluateBaselines } from './evaluate-baselines.ts';

/** Two models and the images that both are evaluated on. */
export interface CompareModelsOptions extends LongWork {
  readonly dataset: ImageDataset;
  readonly first: Embedder;
  readonly second: Embedder;
  /** What compares queries with the gallery. */
  readonly engine: Engine;
  readonly seed: number;
  readonly ks: readonly number[];
  /** Judge raw pixels and HOG, too, prepared as for the first model. Default: false. */
  readonly baselines?: boolean;
  /** With `baselines` the model that the package carries is judged, too. */
  readonly packaged?: Embedder | undefined;
  /** With `baselines` the features of this backbone are judged, too. */
  readonly backbone?: Trunk | undefined;
  /** What embeddings are compared by. Default: each model's own. */
  readonly distance?: SearchDistanceName;
  /** How often the bootstrap draws the queries anew. Default: 1000. */
  readonly resamples?: number;
  /** What intervals draw anew: single queries or whole classes. Default: `queries`. */
  readonly over?: ResampledUnit;
}

/** Two models on the same queries. */
export interface ModelComparison {
  readonly images: number;
  readonly classes: number;
  readonly queries: number;
  /** Random triplets behind the similarity precision; the same for both. */
  readonly triplets: number;
  readonly seed: number;
  readonly intervals: { readonly level: number; readonly resamples: number; readonly over: ResampledUnit };
  /** By the keys of `EvaluationReport.measures`. */
  readonly measures: { readonly [measure: string]: PairedMeasure };
  /** What needs no learning, on the same images; undefined if it was not asked for. */
  readonly baselines: Baselines | undefined;
  readonly withoutClass: number;
  readonly unreadable: readonly { readonly id: string; readonly reason: string }[];
}

/**
 * Judges two models on the same labelled images, queries and triplets, and the difference between them with its interval
 * over resampled queries; see `pairedDifferences`. Memory holds the embeddings of one model at a time, and a number for each
 * query and measure of both.
 *
 * @throws as `evaluateDataset` does, and if an image could be read for one model and not for the other.
 */
export async function compareModels(options: CompareModelsOptions): Promise<ModelComparison> {
  const { seed, resamples = 1000, over = 'queries' } = options;
  const first = await judge(options, options.first, 'the first model');
  const second = await judge(options, options.second, 'the second model');
  const [one, other] = [first.images.places, second.images.places];
  const differs = one.length === other.length ? one.findIndex((place, row) => place !== other[row]) : 0;
  if (differs >= 0) {
    throw new ModelError(
      `${one.length} images could be read for one model and ${other.length} for the other: files in '${options.dataset.root}' have changed meanwhile; compare again`,
    );
  }
  const baselines = options.baselines === true ? await baselinesBeside(options, one) : undefined;
  const level = 0.95;
  const pairs = pairedDifferences(first.found.measures, second.found.measures, { seed, resamples, level, over });
  const { images, classes, queries, triplets } = first.found;
  const { withoutClass, unreadable } = first.images;
  const intervals = { level, resamples, over };
  return {
    images,
    classes,
    queries,
    triplets,
    seed,
    intervals,
    measures: Object.fromEntries(pairs),
    baselines,
    withoutClass,
    unreadable,
  };
}

function baselinesBeside(options: CompareModelsOptions, places: readonly ImagePlace[]): Promise<Baselines> {
  const { dataset, first, engine, onProgress, signal, seed, ks, over, packaged } = options;
  const labels = places.map((place) => dataset.images[place].label!);
  const { preprocessing: rule } = first.model.metadata;
  return evaluateBaselines({
    sources: places.map((place) => dataset.images[place].source),
    labels,
    rule,
    packaged,
    backbone: untouchedOf(options.backbone, engine, dataset, places, rule.fit),
    ...{ engine, onProgress, signal, seed, ks, over },
  });
}

async function judge(
  options: CompareModelsOptions,
  embedder: Embedder,
  what: string,
): Promise<{ found: MeasuresByQuery; images: Pick<LabelledEmbeddings, 'places' | 'withoutClass' | 'unreadable'> }> {
  const { dataset, engine, seed, ks, distance = embedder.model.metadata.distance } = options;
  const embedding = partOf(options, `embedding with ${what}`);
  const { data, dimension, labels, ...images } = await embedLabelled(dataset, embedder, embedding);
  const judging = partOf(options, `judging ${what}`);
  const measured = { embeddings: data, dimension, labels, engine, seed, ks, distance, ...judging };
  return { found: await measuresByQuery(measured), images };
}
