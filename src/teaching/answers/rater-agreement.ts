import type { Answer } from './answer.ts';
import { type AnsweredTriplet, answeredTriplets, pairKey } from './answered-triplets.ts';
import { type Agreement, krippendorffAlpha } from './krippendorff-alpha.ts';

/** How far several raters agree, and how many answers each gave. */
export interface RaterAgreement {
  /** Over triplet questions that several answered; values are the image chosen, both and neither. */
  readonly triplets: Agreement;
  /** Over candidates of grids that several saw with the same query; values are marked and not. */
  readonly marks: Agreement;
  /** Answers by rater, skipped ones included, in order of the first. */
  readonly raters: ReadonlyMap<string, number>;
}

/**
 * Agreement of the raters of some answers. A rater has one value a unit, the last that they gave; a skipped question has
 * none.
 */
export function raterAgreement(answers: readonly Answer[]): RaterAgreement {
  const choices = new UnitValues();
  const marks = new UnitValues();
  const raters = new Map<string, number>();
  for (const answer of answers) {
    const { rater, query } = answer;
    raters.set(rater, (raters.get(rater) ?? 0) + 1);
    if (answer.kind === 'grid') {
      for (const image of answer.candidates) {
        marks.give(JSON.stringify([query, image]), rater, answer.marked.includes(image) ? 'marked' : 'not');
      }
    } else if (answer.answer !== 'skip') {
      const { left, right, answer: choice } = answer;
      const value = choice === 'left' ? `=${left}` : choice === 'right' ? `=${right}` : choice;
      choices.give(pairKey(query, left, right), rater, value);
    }
  }
  return { triplets: krippendorffAlpha(choices.units()), marks: krippendorffAlpha(marks.units()), raters };
}

/** One value a rater for each unit. */
class UnitValues {
  readonly #units = new Map<string, Map<string, string>>();

  give(unit: string, rater: string, value: string): void {
    const values = this.#units.get(unit) ?? new Map<string, string>();
    this.#units.set(unit, values.set(rater, value));
  }

  *units(): Generator<readonly string[]> {
    for (const values of this.#units.values()) yield [...values.values()];
  }
}

/**
 * The triplets that all raters who said anything of them agree on, each once: the paper's rule. A rater who contradicts
 * themselves disagrees.
 *
 * Source: Wang et al. 2014, section 6.1: a triplet is kept where all three raters agree.
 *
 * @param raters how many have to have said it. Default: 1.
 */
export function unanimousTriplets(answers: readonly Answer[], raters = 1): AnsweredTriplet[] {
  const said = new Map<string, AnsweredTriplet[]>();
  for (const triplet of answeredTriplets(answers)) {
    const key = pairKey(triplet.query, triplet.positive, triplet.negative);
    said.set(key, [...(said.get(key) ?? []), triplet]);
  }
  const ties = tiedPairs(answers);
  return [...said].flatMap(([key, triplets]) => {
    const [first] = triplets;
    const agreed = triplets.every(({ positive }) => positive === first.positive) && !ties.has(key);
    return agreed && new Set(triplets.map(({ rater }) => rater)).size >= raters ? [first] : [];
  });
}

/** Pairs of which somebody said both or neither, and has not said otherwise since. */
function tiedPairs(answers: readonly Answer[]): ReadonlySet<string> {
  const last = new Map<string, { readonly key: string; readonly tie: boolean }>();
  for (const answer of answers) {
    if (answer.kind === 'grid' || answer.answer === 'skip') continue;
    const key = pairKey(answer.query, answer.left, answer.right);
    last.set(`${key}${answer.rater}`, { key, tie: answer.answer === 'both' || answer.answer === 'neither' });
  }
  return new Set([...last.values()].flatMap(({ key, tie }) => (tie ? [key] : [])));
}
