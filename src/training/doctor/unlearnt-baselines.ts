import type { MeasuredValue } from '../../evaluation/reports/evaluation-report.ts';
import type { Finding } from './finding.ts';
import { measureText } from './share-text.ts';

/** Measures of one thing on the held-out pictures, by their keys in an evaluation report. */
export interface NamedMeasures {
  readonly name: string;
  readonly measures: Readonly<Record<string, MeasuredValue>>;
}

/** What is compared: the first of these that both were judged by, and the second as well. */
const compared = [
  ['recallAt1', 'Recall@1'],
  ['mapAtR', 'MAP@R'],
  ['similarityPrecision', 'similarity precision'],
] as const;

/**
 * No better than without learning: what a run keeps finds unseen pictures no better than their raw pixels or their histograms of
 * oriented gradients do.
 *
 * Criterion: by Recall@1 or by MAP@R (by similarity precision where only that was measured) a baseline is at least as good. Where
 * both are perfect there is nothing to learn, and nothing is said.
 */
export function findNoBetterThanUnlearnt(
  trained: NamedMeasures['measures'],
  baselines: readonly NamedMeasures[],
): Finding | undefined {
  const judged = compared.filter(([key]) => trained[key] !== undefined);
  const byRetrieval = judged.filter(([key]) => key !== 'similarityPrecision');
  const measures = byRetrieval.length > 0 ? byRetrieval : judged;
  const ahead = baselines.filter(({ measures: own }) =>
    measures.some(([key]) => own[key] !== undefined && own[key].value >= trained[key].value && trained[key].value < 1),
  );
  if (ahead.length === 0) return undefined;
  const figures = (own: NamedMeasures['measures']) =>
    measures
      .filter(([key]) => own[key] !== undefined)
      .map(([key, name]) => `${name} ${measureText(own[key].value)}`)
      .join(', ');
  const inAll = ahead.some(({ measures: own }) =>
    measures.every(([key]) => own[key] !== undefined && own[key].value >= trained[key].value),
  );
  const names = ahead.map(({ name }) => name).join(' and ');
  const numbers: Record<string, number> = {};
  for (const [key] of measures) {
    numbers[key] = trained[key].value;
    for (const { name, measures: own } of ahead) {
      if (own[key] !== undefined) numbers[`${key} of ${name}`] = own[key].value;
    }
  }
  return {
    kind: 'no-better-than-unlearnt',
    title: `No better than ${names}`,
    seen: `On the held-out pictures the model has ${figures(trained)}; ${ahead.map(({ name, measures: own }) => `${name}, which nothing was learnt for, ${figures(own)}`).join('; ')}.`,
    meaning: inAll
      ? 'The model finds pictures that it was not trained on no better than a comparison that needs no training.'
      : 'By one of these measures the model finds pictures that it was not trained on no better than a comparison that needs no training.',
    remedy:
      'Train for more steps (choices.steps), on pictures of more classes, larger (choices.size: 128), or with what is ahead here as a part of the embedding (choices.hog: true); else search without a model of your own.',
    numbers,
    images: [],
  };
}
