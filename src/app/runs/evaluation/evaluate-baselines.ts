import type { Engine } from '../../../engines/engine.ts';
import type { ResampledUnit } from '../../../evaluation/intervals/bootstrap-measures.ts';
import { evaluateEmbeddings } from '../../../evaluation/reports/evaluate-embeddings.ts';
import type { EvaluationReport } from '../../../evaluation/reports/evaluation-report.ts';
import { partOf } from '../../../foundation/progress/progress.ts';
import {
  type UntrainedKind,
  type UntrainedOptions,
  untrainedNames,
  untrainedTables,
} from '../untrained/untrained-tables.ts';

/** The images that are judged without training: the same that the model is judged on. */
export interface EvaluateBaselinesOptions extends UntrainedOptions {
  /** The class of each image. */
  readonly labels: readonly number[];
  readonly engine: Engine;
  readonly seed: number;
  readonly ks: readonly number[];
  /** What intervals draw anew. Default: `queries`. */
  readonly over?: ResampledUnit | undefined;
}

/** What raw pixels, HOG and, where they were given, the packaged model and an untouched backbone find without training. */
export type Baselines = {
  readonly rawPixels: EvaluationReport;
  readonly hog: EvaluationReport;
  readonly packaged?: EvaluationReport;
  readonly untouched?: EvaluationReport;
};

/** Judges what needs no training on images of a dataset, by Euclidean distance. @throws an AbortError if it was aborted. */
export async function evaluateBaselines(options: EvaluateBaselinesOptions): Promise<Baselines> {
  const { labels, engine, seed, ks, over = 'queries' } = options;
  const reports = new Map<UntrainedKind, EvaluationReport>();
  for await (const { kind, data: embeddings, dimension } of untrainedTables(options)) {
    const judging = partOf(options, `judging ${untrainedNames[kind]}`);
    reports.set(kind, await evaluateEmbeddings({ embeddings, dimension, labels, engine, seed, ks, over, ...judging }));
  }
  const [packaged, untouched] = [reports.get('packaged'), reports.get('untouched')];
  return {
    rawPixels: reports.get('rawPixels')!,
    hog: reports.get('hog')!,
    ...(packaged === undefined ? {} : { packaged }),
    ...(untouched === undefined ? {} : { untouched }),
  };
}

/** Baselines by the names that tables have. */
export function namedBaselines(baselines: Baselines | undefined) {
  if (baselines === undefined) return [];
  return (['rawPixels', 'hog', 'packaged', 'untouched'] as const).flatMap((kind) => {
    const report = baselines[kind];
    return report === undefined ? [] : [{ name: untrainedNames[kind], measures: report.measures }];
  });
}
