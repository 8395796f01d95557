import type { Answer } from './answer.ts';
import { type AnsweredTriplet, answeredTriplets, pairKey } from './answered-triplets.ts';

/**
 * Answers that cannot all be right: `self`, a rater said both ways of one pair; `raters`, two raters say otherwise of it;
 * `cycle`, a rater finds a more like the query than b, b than c, and c than a.
 */
export type ContradictionKind = 'self' | 'raters' | 'cycle';

/** Answers that contradict each other. */
export interface Contradiction {
  readonly kind: ContradictionKind;
  readonly query: string;
  /** The candidates: a pair, or a cycle in which each was found more like the query than the next, the last than the first. */
  readonly images: readonly string[];
  /** Who is to be asked again. */
  readonly raters: readonly string[];
}

/**
 * All contradictions among answers, questions that were asked again counted as `answeredTriplets` does. One shortest cycle is
 * given for each image that lies on one; pairs that a rater said both ways of are not counted as cycles.
 */
export function findContradictions(answers: readonly Answer[]): Contradiction[] {
  const triplets = answeredTriplets(answers);
  return [...pairContradictions(triplets), ...cycles(triplets)];
}

function pairContradictions(triplets: readonly AnsweredTriplet[]): Contradiction[] {
  const byPair = new Map<string, { triplet: AnsweredTriplet; byRater: Map<string, Set<string>> }>();
  for (const triplet of triplets) {
    const key = pairKey(triplet.query, triplet.positive, triplet.negative);
    const pair = byPair.get(key) ?? { triplet, byRater: new Map<string, Set<string>>() };
    byPair.set(key, pair);
    const chosen = pair.byRater.get(triplet.rater) ?? new Set<string>();
    pair.byRater.set(triplet.rater, chosen.add(triplet.positive));
  }
  return [...byPair.values()].flatMap(({ triplet: { query, positive, negative }, byRater }) => {
    const found: Contradiction[] = [];
    const pair = { query, images: [positive, negative].sort() };
    const [both, sure] = [[...byRater].filter(isTorn), [...byRater].filter((one) => !isTorn(one))];
    for (const [rater] of both) found.push({ kind: 'self', ...pair, raters: [rater] });
    if (new Set(sure.flatMap(([, chosen]) => [...chosen])).size > 1) {
      found.push({ kind: 'raters', ...pair, raters: sure.map(([rater]) => rater) });
    }
    return found;
  });
}

const isTorn = ([, chosen]: readonly [string, ReadonlySet<string>]) => chosen.size > 1;

/** What a rater found less like a query than each image. */
type Worse = Map<string, Set<string>>;

function cycles(triplets: readonly AnsweredTriplet[]): Contradiction[] {
  const found: Contradiction[] = [];
  for (const { query, rater, worse } of preferenceGraphs(triplets)) {
    const seen = new Set<string>();
    for (const image of worse.keys()) {
      if (seen.has(image)) continue;
      const cycle = shortestCycle(worse, image);
      if (cycle === undefined) continue;
      for (const one of cycle) seen.add(one);
      found.push({ kind: 'cycle', query, images: cycle, raters: [rater] });
    }
  }
  return found;
}

function preferenceGraphs(triplets: readonly AnsweredTriplet[]) {
  const graphs = new Map<string, { query: string; rater: string; worse: Worse }>();
  for (const { query, rater, positive, negative } of triplets) {
    const key = JSON.stringify([query, rater]);
    const graph = graphs.get(key) ?? { query, rater, worse: new Map<string, Set<string>>() };
    graphs.set(key, graph);
    const than = graph.worse.get(positive) ?? new Set<string>();
    graph.worse.set(positive, than.add(negative));
  }
  for (const { worse } of graphs.values()) {
    const torn = [...worse].flatMap(([better, than]) =>
      [...than].filter((other) => worse.get(other)?.has(better)).map((other) => [better, other] as const),
    );
    for (const [better, other] of torn) worse.get(better)?.delete(other);
  }
  return graphs.values();
}

/** By breadth: the shortest way from an image back to itself. */
function shortestCycle(worse: Worse, start: string): string[] | undefined {
  const before = new Map<string, string>();
  const queue = [start];
  for (let image = queue.shift(); image !== undefined; image = queue.shift()) {
    for (const next of worse.get(image) ?? []) {
      if (next === start) return wayTo(image, before, start);
      if (before.has(next)) continue;
      before.set(next, image);
      queue.push(next);
    }
  }
  return undefined;
}

function wayTo(end: string, before: ReadonlyMap<string, string>, start: string): string[] {
  const way = [end];
  for (let image = end; image !== start; image = way[0]) way.unshift(before.get(image)!);
  return way;
}

/** A question of three images, to be put to one rater. */
export interface PairQuestion {
  readonly query: string;
  readonly left: string;
  readonly right: string;
}

/**
 * What a rater should be asked again, the oldest contradictions first: the pair, or each pair of a cycle. A pair that the rater
 * was asked again already comes up no more, however it was answered: raters may differ.
 */
export function questionsAgain(answers: readonly Answer[], rater: string): PairQuestion[] {
  const done = new Set(
    answers.flatMap((answer) =>
      answer.kind === 'triplet' && answer.rater === rater && answer.reason === 'again'
        ? [pairKey(answer.query, answer.left, answer.right)]
        : [],
    ),
  );
  const questions = new Map<string, PairQuestion>();
  for (const { query, images, raters } of findContradictions(answers)) {
    if (!raters.includes(rater)) continue;
    const pairs = images.length === 2 ? 1 : images.length;
    for (let place = 0; place < pairs; place++) {
      const [left, right] = [images[place], images[(place + 1) % images.length]];
      const key = pairKey(query, left, right);
      if (!done.has(key)) questions.set(key, { query, left, right });
    }
  }
  return [...questions.values()];
}
