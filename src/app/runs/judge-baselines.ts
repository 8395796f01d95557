import type { Engine } from '../../engines/engine.ts';
import { evaluateEmbeddings } from '../../evaluation/reports/evaluate-embeddings.ts';
import type { EvaluationReport } from '../../evaluation/reports/evaluation-report.ts';
import { throwIfAborted } from '../../foundation/errors/abort-error.ts';
import type { ImageDataset } from '../../pictures/datasets/dataset.ts';
import { unlearntFeatures } from '../../pictures/features/unlearnt-features.ts';
import type { PreprocessingRule } from '../../pictures/preparation/preprocessing-rule.ts';
import type { WorkProgress } from './work-progress.ts';

/** The images that unlearnt features are judged on: the same that the model is judged on. */
export interface JudgeBaselinesOptions {
  readonly dataset: ImageDataset;
  /** The images that are judged: places in the dataset, and their classes. */
  readonly places: readonly number[];
  readonly labels: readonly number[];
  /** How pixels are prepared: as for the model that has to beat them. */
  readonly rule: PreprocessingRule;
  readonly engine: Engine;
  readonly progress: (label: string, unit: string) => WorkProgress;
  readonly signal?: AbortSignal | undefined;
  readonly seed: number;
  readonly ks: readonly number[];
}

/** What raw pixels and histograms of oriented gradients find without learning. */
export type Baselines = {
  readonly rawPixels: EvaluationReport;
  readonly hog: EvaluationReport;
};

/** Judges raw pixels and HOG on images of a dataset, by Euclidean distance. @throws an AbortError if it was aborted. */
export async function judgeBaselines(options: JudgeBaselinesOptions): Promise<Baselines> {
  const { dataset, places, labels, rule, engine, progress, signal, seed, ks } = options;
  const bar = progress('features', 'images');
  const readable = places.map((place) => dataset.images[place].source);
  const features = await unlearntFeatures(readable, rule, (done) => {
    throwIfAborted(signal);
    bar.update(done, readable.length);
  });
  bar.clear();
  const judge = async (what: string, { data, dimension }: typeof features.hog) => {
    const judging = progress(`judging ${what}`, 'queries');
    const report = await evaluateEmbeddings({
      embeddings: data,
      dimension,
      labels,
      engine,
      seed,
      ks,
      distance: 'euclidean',
      onProgress: (done, total) => {
        throwIfAborted(signal);
        judging.update(done, total);
      },
    });
    judging.clear();
    return report;
  };
  return { rawPixels: await judge('raw pixels', features.rawPixels), hog: await judge('HOG', features.hog) };
}
