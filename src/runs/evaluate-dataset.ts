import type { ImageDataset } from '../datasets/dataset.ts';
import { embedAll } from '../embedding/embed-all.ts';
import type { Embedder } from '../embedding/embedder.ts';
import { unlearntFeatures } from '../embedding/unlearnt-features.ts';
import type { Engine } from '../engines/engine.ts';
import type { EmbeddingTable } from '../evaluation/embedding-table.ts';
import { evaluateEmbeddings } from '../evaluation/evaluate-embeddings.ts';
import type { EvaluationReport } from '../evaluation/evaluation-report.ts';

/** Shows how far some work is. */
export interface WorkProgress {
  update(done: number, total: number): void;
  clear(): void;
}

export interface EvaluateDatasetOptions {
  readonly dataset: ImageDataset;
  readonly embedder: Embedder;
  /** What compares queries with the gallery. */
  readonly engine: Engine;
  /** Makes what shows the progress of one piece of work: `embedding`, counted in `images`. */
  readonly progress: (label: string, unit: string) => WorkProgress;
  readonly signal?: AbortSignal;
  readonly seed: number;
  readonly ks: readonly number[];
  /** Judge raw pixels and HOG, too. */
  readonly baselines: boolean;
}

/** What was found out about a model on a dataset. */
export interface DatasetEvaluation {
  readonly report: EvaluationReport;
  /** Embeddings of the images that could be read, and for each row the place of its image in the dataset. */
  readonly embedded: EmbeddingTable & { readonly places: readonly number[] };
  readonly baselines: { readonly rawPixels: EvaluationReport; readonly hog: EvaluationReport } | undefined;
  /** Images of no class, which were left out. */
  readonly withoutClass: number;
  readonly unreadable: readonly { readonly id: string; readonly reason: string }[];
}

/**
 * Judges a model on labelled images: every image is a query, all others are the gallery, those of its class are relevant.
 *
 * @throws if no image can be read, or there are fewer than two classes or no class with two images; the signal's reason if
 * it was aborted.
 */
export async function evaluateDataset(options: EvaluateDatasetOptions): Promise<DatasetEvaluation> {
  const { dataset, embedder, engine, progress, seed, ks } = options;
  const labelled = dataset.images.flatMap(({ id, source, label }, place) =>
    label === undefined ? [] : [{ id, source, label, place }],
  );
  const withoutClass = dataset.images.length - labelled.length;
  if (labelled.length === 0) {
    throw new Error(
      `none of the ${withoutClass} images in '${dataset.root}' has a class: put them into one folder a class, or give a CSV with labels`,
    );
  }
  const sources = labelled.map(({ source }) => source);
  const embedding = progress('embedding', 'images');
  const { data, dimension, indexes, unreadable } = await embedAll(embedder, sources, {
    onProgress: (done) => embedding.update(done, sources.length),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  embedding.clear();
  const labels = indexes.map((index) => labelled[index].label);
  const judge = async (label: string, embeddings: Float32Array, length: number) => {
    const bar = progress(label, 'queries');
    const onProgress = (done: number, total: number) => {
      options.signal?.throwIfAborted();
      bar.update(done, total);
    };
    const report = await evaluateEmbeddings({ embeddings, dimension: length, labels, engine, seed, ks, onProgress });
    bar.clear();
    return report;
  };
  const report = await judge('judging the model', data, dimension);
  let baselines: DatasetEvaluation['baselines'];
  if (options.baselines) {
    const bar = progress('features', 'images');
    const readable = indexes.map((index) => sources[index]);
    const features = await unlearntFeatures(readable, embedder.model.metadata.preprocessing, (done) => {
      options.signal?.throwIfAborted();
      bar.update(done, readable.length);
    });
    bar.clear();
    baselines = {
      rawPixels: await judge('judging raw pixels', features.rawPixels.data, features.rawPixels.dimension),
      hog: await judge('judging HOG', features.hog.data, features.hog.dimension),
    };
  }
  return {
    report,
    embedded: { data, dimension, places: indexes.map((index) => labelled[index].place) },
    baselines,
    withoutClass,
    unreadable: unreadable.map(({ index, error }) => ({ id: labelled[index].id, reason: error.message })),
  };
}
