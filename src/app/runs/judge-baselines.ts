import type { Engine } from '../../engines/engine.ts';
import { evaluateEmbeddings } from '../../evaluation/reports/evaluate-embeddings.ts';
import type { EvaluationReport } from '../../evaluation/reports/evaluation-report.ts';
import { type LongWork, partOf } from '../../foundation/progress/progress.ts';
import type { ImageDataset } from '../../pictures/datasets/dataset.ts';
import { judgeEach, unlearntFeatures } from '../../pictures/features/unlearnt-features.ts';
import type { PreprocessingRule } from '../../pictures/preparation/preprocessing-rule.ts';

/** The images that unlearnt features are judged on: the same that the model is judged on. */
export interface JudgeBaselinesOptions extends LongWork {
  readonly dataset: ImageDataset;
  /** The images that are judged: places in the dataset, and their classes. */
  readonly places: readonly number[];
  readonly labels: readonly number[];
  /** How pixels are prepared: as for the model that has to beat them. */
  readonly rule: PreprocessingRule;
  readonly engine: Engine;
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
  const { dataset, places, labels, rule, engine, seed, ks } = options;
  const readable = places.map((place) => dataset.images[place].source);
  const features = await unlearntFeatures(readable, rule, options);
  return judgeEach(features, ({ data, dimension }, name) =>
    evaluateEmbeddings({
      embeddings: data,
      dimension,
      labels,
      engine,
      seed,
      ks,
      distance: 'euclidean',
      ...partOf(options, `judging ${name}`),
    }),
  );
}
