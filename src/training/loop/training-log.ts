import {
  evaluationReportSchema,
  type MeasuredValue,
  tripletReportSchema,
} from '../../evaluation/reports/evaluation-report.ts';
import { TrainingError } from '../../foundation/errors/training-error.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../foundation/files/json-value.ts';

const stepNumbers = [
  'step',
  'epoch',
  'loss',
  'activeShare',
  'spread',
  'gradientNorm',
  'learningRate',
  'images',
  'imagesPerSecond',
  'seconds',
] as const;

/** Some steps of a run, as a line of its `log.jsonl` has them: means over the steps since the line before. */
export interface StepLine extends Readonly<Record<(typeof stepNumbers)[number], number>> {
  /** What loading and preparing pictures could give by itself; logs of earlier versions do not have it. */
  readonly loaderImagesPerSecond?: number;
}

/** One judgement of the pictures kept from training. */
export interface EvaluationLine {
  readonly step: number;
  /** The measure that runs are compared by, as reports name it: `mapAtR` or `similarityPrecision`. */
  readonly measure: 'mapAtR' | 'similarityPrecision';
  readonly score: MeasuredValue;
}

/** The course of a run. */
export interface TrainingLog {
  readonly steps: readonly StepLine[];
  readonly evaluations: readonly EvaluationLine[];
  /** Of a run at its end: the step whose weights are kept, and the last step; logs of earlier versions do not have it. */
  readonly kept?: { readonly step: number; readonly of: number } | undefined;
}

/**
 * The lines of a run's `log.jsonl`, in their order. Lines of another kind than `step`, `evaluation` and `kept` are passed over.
 *
 * @throws if a line of these kinds lacks a number, naming the line (from 1) and the number.
 */
export function readTrainingLog(lines: readonly JsonValue[]): TrainingLog {
  const steps: StepLine[] = [];
  const evaluations: EvaluationLine[] = [];
  let kept: TrainingLog['kept'];
  for (const [index, line] of lines.entries()) {
    const where = `line ${index + 1} of the training log`;
    if (!isJsonObject(line))
      throw new TrainingError(`${where} must be an object, got ${JSON.stringify(line)}: remove the line`);
    if (line['kind'] === 'step') {
      const numbers = stepNumbers.map((name) => [name, numberAt(line, name, where)] as const);
      const own = Object.fromEntries(numbers) as Record<(typeof stepNumbers)[number], number>;
      const loader = 'loaderImagesPerSecond';
      steps.push(line[loader] === undefined ? own : { ...own, [loader]: numberAt(line, loader, where) });
    }
    if (line['kind'] === 'evaluation') evaluations.push(evaluationOf(line, where));
    if (line['kind'] === 'kept') kept = { step: numberAt(line, 'step', where), of: numberAt(line, 'of', where) };
  }
  return kept === undefined ? { steps, evaluations } : { steps, evaluations, kept };
}

function evaluationOf(line: JsonObject, where: string): EvaluationLine {
  const step = numberAt(line, 'step', where);
  const retrieval = evaluationReportSchema.safeParse(line['report']);
  if (retrieval.success) return { step, measure: 'mapAtR', score: retrieval.data.measures.mapAtR };
  const triplets = tripletReportSchema.safeParse(line['report']);
  if (triplets.success) {
    return { step, measure: 'similarityPrecision', score: triplets.data.measures.similarityPrecision };
  }
  throw new TrainingError(`${where}: 'report' is no evaluation report of this version: remove the line`);
}

function numberAt(line: JsonObject, name: string, where: string): number {
  const value = line[name];
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new TrainingError(`${where}: '${name}' must be a number, got ${JSON.stringify(value)}: remove the line`);
}
