import { mean } from '../../../foundation/numbers/mean.ts';
import { type UnlearntPartName, unlearntParts } from '../../../ranking/networks/unlearnt/unlearnt-parts.ts';
import type { CandidatePart, FoldHeads } from '../fold-heads.ts';
import type { FoldEvaluator, Scores } from './compare-candidates.ts';
import { pairedGain } from './paired-gain.ts';
import { points, scoreText } from './score-text.ts';

/** To how many numbers an unlearnt part is mapped, at most, by the scatter within classes, and shrinkages that are compared. */
const mapped = { dimension: 128, shrinkages: [0.03, 0.1, 0.3] };
/**
 * Shares of the squared distance that a part may take from those that are there; shrinkages are compared at the first, and the
 * last is where the one before it is the best.
 */
const shares = [0.3, 0.15, 0.45, 0.7];

/** What may join, and who judges it. */
export interface JoinParts {
  readonly heads: FoldHeads;
  /** Names of the trunk's sources; the first is the trunk as it comes. */
  readonly names: readonly string[];
  /** The unlearnt parts that may join; their sources stand behind the trunk's. */
  readonly parts: readonly UnlearntPartName[];
  /** Judges what the user is going to search for. */
  readonly evaluator: FoldEvaluator;
  /** How many classes there are, where pictures of these alone are searched for; undefined else. */
  readonly knownClasses: number | undefined;
  /** False once the time is up that choosing may take; what is known by then is chosen from. */
  readonly timeLeft: () => boolean;
}

/** A candidate with its scores. */
interface Evaluated {
  readonly candidate: readonly CandidatePart[];
  readonly scores: Scores;
}

/**
 * Joins a candidate with unlearnt parts, the one that gains most first, as long as one gains more than its standard error over
 * classes. Whatever joins takes its share from all that are there, so that none drowns the rest.
 *
 * @returns the candidate with what joined, its scores, and a line for what was tried.
 */
export async function joinParts(
  { heads, names, parts, evaluator, knownClasses, timeLeft }: JoinParts,
  candidate: readonly CandidatePart[],
  scores: Scores,
): Promise<Evaluated & { readonly reasons: readonly string[] }> {
  const begun = { candidate, scores };
  let kept: Evaluated = begun;
  const joined: UnlearntPartName[] = [];
  const lost = new Map<UnlearntPartName, string>();
  while (timeLeft()) {
    let best: (Evaluated & { readonly name: UnlearntPartName }) | undefined;
    for (const [place, name] of parts.entries()) {
      if (joined.includes(name)) continue;
      const tried = await bestShare(kept, names.length + place);
      const { gain, standardError } = pairedGain(tried.scores.values, kept.scores.values, kept.scores.labels);
      const helps = gain > standardError;
      if (!helps) lost.set(name, `${points(gain)} ± ${points(standardError).slice(1)}`);
      if (helps && (best === undefined || isBetter(tried, best))) best = { ...tried, name };
    }
    if (best === undefined) break;
    kept = best;
    joined.push(best.name);
  }
  return { ...kept, reasons: reasonsOf(begun, kept, joined, lost) };

  async function bestShare(to: Evaluated, source: number): Promise<Evaluated> {
    // What tells learnt classes apart, and nothing else, needs as few numbers of a part as of the features.
    const most = knownClasses === undefined ? mapped.dimension : Math.min(mapped.dimension, candidate[0].dimension);
    const dimension = Math.min(most, heads.sizes[source]);
    const joint = async (shrinkage: number, share: number): Promise<Evaluated> => {
      const part = { source, form: { kind: 'within-class', shrinkage } as const, dimension, share };
      const joined = [...to.candidate.map((own) => ({ ...own, share: own.share * (1 - share) })), part];
      return { candidate: joined, scores: await evaluator.scores(joined) };
    };
    const [first, ...others] = shares;
    let best = await joint(mapped.shrinkages[0], first);
    for (const shrinkage of mapped.shrinkages.slice(1)) best = better(best, await joint(shrinkage, first));
    const { shrinkage } = best.candidate[best.candidate.length - 1].form;
    const last = others[others.length - 1];
    for (const share of others) {
      const before = best.candidate[best.candidate.length - 1].share;
      if (share === last && before !== others[others.length - 2]) continue;
      best = better(best, await joint(shrinkage, share));
    }
    return best;
  }
}

const better = (one: Evaluated, other: Evaluated): Evaluated => (isBetter(other, one) ? other : one);
const isBetter = (one: Evaluated, other: Evaluated): boolean => mean(one.scores.values) > mean(other.scores.values);

function reasonsOf(
  begun: Evaluated,
  { candidate, scores }: Evaluated,
  joined: readonly UnlearntPartName[],
  lost: ReadonlyMap<UnlearntPartName, string>,
): string[] {
  const shareOf = (place: number) => Math.round(100 * candidate[begun.candidate.length + place].share);
  const taken = joined.map((name, place) => `${unlearntParts[name].words} ${shareOf(place)}%`).join(', ');
  const left = [...lost].filter(([name]) => !joined.includes(name));
  const without = left.map(([name, gain]) => `${unlearntParts[name].words} (${gain})`).join(', ');
  const what =
    joined.length === 0
      ? []
      : [`joined: ${taken} of the squared distance (${scoreText(scores)}; without ${scoreText(begun.scores)})`];
  return left.length === 0 ? what : [...what, `left out: ${without}, for what they gain may be chance`];
}
