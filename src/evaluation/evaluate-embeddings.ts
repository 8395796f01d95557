import type { Engine } from '../engines/engine.ts';
import { RandomSource } from '../random/random-source.ts';
import { ImagesByClass } from '../triplets/images-by-class.ts';
import { classUniformTriplets } from '../triplets/samplers/class-uniform.ts';
import { bootstrapMeans } from './bootstrap.ts';
import { checkEmbeddings } from './embedding-table.ts';
import { type EvaluationReport, evaluationReportSchema } from './evaluation-report.ts';
import { nearestNeighbours } from './nearest-neighbours.ts';
import { measureQueries, retrievalMeasures } from './retrieval-measures.ts';
import { similarityPrecisions } from './similarity-precision.ts';

export interface EvaluateEmbeddingsOptions {
  /** One row of `dimension` numbers an image. */
  readonly embeddings: Float32Array;
  readonly dimension: number;
  /** The class of each image: any whole numbers. */
  readonly labels: ArrayLike<number>;
  /** What compares queries with the gallery. */
  readonly engine: Engine;
  /** Decides the random triplets and the resampled queries. Default: 0. */
  readonly seed?: number;
  /** The K of Recall@K and precision@K. Default: 1, 5 and 10. */
  readonly ks?: readonly number[];
  /** Random triplets for the similarity precision. Default: 20000. */
  readonly triplets?: number;
  /** How often the bootstrap draws the queries anew. Default: 1000. */
  readonly resamples?: number;
  /** Is told how many of all images have asked for their neighbours. */
  readonly onProgress?: (queries: number, images: number) => void;
}

const level = 0.95;

/**
 * Judges embeddings by how well near means alike. Every image is a query, all other images are the gallery, images of the
 * same class are relevant; the distance is Euclidean. An image alone in its class has nothing to find: it is in the
 * gallery, but no query, and the report says how many there are. Similarity precision is taken over random triplets that
 * give every class the same weight, see `classUniformTriplets`.
 *
 * It asks nothing about where embeddings come from: another model's, or raw pixels, are judged the same way.
 *
 * @throws if the numbers are not one row an image, a number is not finite, there are fewer than two classes, or no class
 * has two images.
 */
export async function evaluateEmbeddings(options: EvaluateEmbeddingsOptions): Promise<EvaluationReport> {
  const { labels, engine, dimension, seed = 0, ks = [1, 5, 10], triplets = 20_000, resamples = 1000 } = options;
  const embeddings = { data: options.embeddings, dimension };
  const rows = checkEmbeddings(embeddings);
  if (rows !== labels.length) {
    throw new Error(
      `evaluation: ${rows} embeddings of ${dimension} numbers, but ${labels.length} labels; give one each`,
    );
  }
  const images = new ImagesByClass(labels);
  images.requireTriplets('evaluation');

  const measures = retrievalMeasures(ks);
  const mostRelevant = images.queries.reduce((most, query) => Math.max(most, images.positiveCount(query)), 0);
  const neighbours = nearestNeighbours(embeddings, { k: Math.max(mostRelevant, ...ks), engine });
  const perQuery = await measureQueries(measures, neighbours, labels, images, (queries) =>
    options.onProgress?.(queries, rows),
  );
  const means = bootstrapMeans(perQuery, { seed, resamples, level });

  const drawn = classUniformTriplets(images, triplets, RandomSource.fromSeed(seed, 'similarity precision'));
  const { values, weights } = similarityPrecisions(embeddings, drawn);
  const [similarityPrecision] = bootstrapMeans([values], { seed, resamples, level, weights });

  return evaluationReportSchema.parse({
    images: rows,
    classes: images.classCount,
    dimension,
    queries: perQuery[0].length,
    queriesWithoutRelevant: rows - perQuery[0].length,
    triplets,
    seed,
    intervals: { level, resamples },
    measures: {
      ...Object.fromEntries(measures.map(({ name }, m) => [name, means[m]])),
      similarityPrecision,
    },
  });
}
