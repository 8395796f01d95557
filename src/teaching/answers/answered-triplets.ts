import type { Answer } from './answer.ts';

/** What somebody said of three images, by their ids: the positive is more like the query than the negative is. */
export interface AnsweredTriplet {
  readonly query: string;
  readonly positive: string;
  readonly negative: string;
  readonly rater: string;
  /** The id of the answer. */
  readonly answer: string;
  /** True if it only judges heads. */
  readonly keptAside: boolean;
}

/**
 * The triplets that answers say. Left or right is one; both, neither and skip are none; a grid of n with k marked is
 * `k (n - k)`: each marked one against each that is not. A question that was asked again stands in the place of whatever its
 * rater had said of the same three images before.
 *
 * Source for grids: Wilber, Kwak and Belongie 2014, section 3.
 *
 * @param answers in the order in which they were given.
 */
export function answeredTriplets(answers: readonly Answer[]): AnsweredTriplet[] {
  const askedAgain = new Map<string, number>();
  for (const [place, answer] of answers.entries()) {
    if (answer.kind !== 'triplet' || answer.reason !== 'again') continue;
    askedAgain.set(raterPairKey(answer.rater, answer.query, answer.left, answer.right), place);
  }
  return answers.flatMap((answer, place) =>
    preferencesOf(answer).flatMap(([positive, negative]) => {
      const { query, rater, keptAside, id } = answer;
      if (place < (askedAgain.get(raterPairKey(rater, query, positive, negative)) ?? 0)) return [];
      return [{ query, positive, negative, rater, answer: id, keptAside }];
    }),
  );
}

/** Pairs of which the first was said to be more like the query. */
function preferencesOf(answer: Answer): (readonly [string, string])[] {
  if (answer.kind === 'triplet') {
    if (answer.answer === 'left') return [[answer.left, answer.right]];
    return answer.answer === 'right' ? [[answer.right, answer.left]] : [];
  }
  const marked = new Set(answer.marked);
  const others = answer.candidates.filter((image) => !marked.has(image));
  return answer.marked.flatMap((positive) => others.map((negative) => [positive, negative] as const));
}

/** A query and two candidates, whichever was left: the same for all that can contradict each other. */
export function pairKey(query: string, one: string, other: string): string {
  return JSON.stringify(one < other ? [query, one, other] : [query, other, one]);
}

/** The same of one rater. */
export function raterPairKey(rater: string, query: string, one: string, other: string): string {
  return `${pairKey(query, one, other)}${rater}`;
}
