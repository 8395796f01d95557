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

/** What to do after a training by steps. */
const beforeFolds =
  "Train with choices.preset: 'auto': it starts from what needs no training, and keeps that where training brings nothing. Or train for more steps (choices.steps), on pictures of more classes, or larger (choices.size: 128); else search without a model of your own.";
/** What to do where folds have chosen the best that they found. */
const afterFolds =
  "Folds of these pictures found nothing better behind this network. Take what is as good without training: 'lookalike index' and 'search' without a model use the packaged one. Or go on from another network (choices.trunk; 'lookalike backbones' lists some), or from more classes and more pictures of each: where they are few, what is better by a little cannot be told.";

/**
 * No better than without training: what a run keeps finds unseen pictures no better than what learnt nothing from the run's pictures:
 * their raw pixels, their histograms of oriented gradients, the packaged model, an ONNX backbone's features as they come.
 *
 * Criterion: by Recall@1 or by MAP@R (by similarity precision where only that was measured) a baseline is at least as good. Where
 * both are perfect there is nothing to learn, and nothing is said.
 *
 * @param options `chosenByFolds`: the model is a start that folds chose (preset auto), so that `auto` is no remedy.
 */
export function findNoBetterThanUnlearnt(
  trained: NamedMeasures['measures'],
  baselines: readonly NamedMeasures[],
  { chosenByFolds = false }: { readonly chosenByFolds?: boolean } = {},
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
  const names = joinedNames(ahead.map(({ name }) => inSentence(name)));
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
    seen: `On the held-out pictures the model has ${figures(trained)}; ${ahead.map(({ name, measures: own }) => `${inSentence(name)}, which learnt nothing from these pictures, ${figures(own)}`).join('; ')}.`,
    meaning: inAll
      ? 'The model finds pictures that it was not trained on no better than a comparison that needs no training.'
      : 'By one of these measures the model finds pictures that it was not trained on no better than a comparison that needs no training.',
    remedy: chosenByFolds ? afterFolds : beforeFolds,
    numbers,
    images: [],
  };
}

/** A name as it stands in a sentence: `HOG`, `raw pixels`, `the packaged model`. */
function inSentence(name: string): string {
  return /^(packaged|untouched) /.test(name) ? `the ${name}` : name;
}

/** `a`, `a and b`, `a, b and c`. */
function joinedNames(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
