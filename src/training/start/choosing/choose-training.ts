import { mean } from '../../../foundation/numbers/mean.ts';
import type { CandidatePart } from '../fold-heads.ts';
import type { FoldEvaluator, Scores, TrainedMaps } from './compare-candidates.ts';
import { pairedGain } from './paired-gain.ts';
import { points, scoreText } from './score-text.ts';

/** Peak learning rates of a head, and shares of the way to what they give. */
const rates = [1e-4, 5e-4];
const shares = [0.25, 0.5, 1];
/** Another start is trained from where it finds less than the best by so many standard errors at most. */
const nearEnough = 2;

/** How a head is trained: the peak learning rate, and the share of the way from its start to where that ends. */
export interface HeadCourse {
  readonly rate: number;
  readonly share: number;
}

/** Who judges training, and who does it. */
export interface TrainingChoice {
  /** Judges for training, which is looked at by each expectation. */
  readonly evaluators: readonly FoldEvaluator[];
  /** Trains a candidate's head in every fold of an evaluator. */
  readonly train: (
    evaluator: FoldEvaluator,
    candidate: readonly CandidatePart[],
    rate: number,
  ) => Promise<TrainedMaps['maps']>;
  /** False once the time is up that choosing may take. */
  readonly timeLeft: () => boolean;
}

/** What is kept: a start, and how its head goes on from there. */
export interface ChosenTraining {
  readonly candidate: readonly CandidatePart[];
  /** Undefined where the start is kept as it is. */
  readonly training: HeadCourse | undefined;
  readonly reason: string;
}

/**
 * Whether a head is trained, from which start, at which rate and how far: what finds most by all expectations together, if that is
 * more than the best start finds by more than its standard error over classes, and if no expectation loses more than its own. A
 * smaller loss may be chance, and what refused it would give up what is gained where classes are known for a coin's toss.
 *
 * Source: Wortsman et al. 2022, "Robust fine-tuning of zero-shot models", for going a share of the way.
 *
 * @param starts the best first. Of few classes a start that has learnt less has more to learn.
 */
export async function chooseTraining(
  { evaluators, train, timeLeft }: TrainingChoice,
  starts: readonly (readonly CandidatePart[])[],
): Promise<ChosenTraining> {
  const [first] = starts;
  const nothing = (why: string): ChosenTraining => ({
    candidate: first,
    training: undefined,
    reason: `training: none, the start is kept as it is: ${why}`,
  });
  if (!timeLeft()) return nothing('the time to choose in was up');
  const begun = await scoresBy(evaluators, (evaluator) => evaluator.scores(first));
  let best:
    | { readonly chosen: Required<Omit<ChosenTraining, 'reason'>>; readonly scores: readonly Scores[] }
    | undefined;
  for (const candidate of starts) {
    if (candidate !== first && !(await isNear(candidate))) continue;
    for (const rate of rates) {
      if (!timeLeft()) break;
      const maps = new Map<FoldEvaluator, TrainedMaps['maps']>();
      for (const evaluator of evaluators) maps.set(evaluator, await train(evaluator, candidate, rate));
      for (const share of shares) {
        const scores = await scoresBy(evaluators, (evaluator) =>
          evaluator.scores(candidate, { maps: maps.get(evaluator)!, share }),
        );
        const lost = scores.some((own, evaluator) => losesMoreThan(begun[evaluator], own, 1));
        if (!lost && meanScore(scores) > meanScore(best?.scores ?? begun)) {
          best = { chosen: { candidate, training: { rate, share } }, scores };
        }
      }
    }
  }
  if (best === undefined) return nothing('going on from it does not help');
  const [after, before] = [together(best.scores), together(begun)];
  const { gain, standardError } = pairedGain(after.values, before.values, after.labels);
  if (gain <= standardError) {
    return nothing(`what that gains (${points(gain)}) may be chance (± ${points(standardError).slice(1)})`);
  }
  const { candidate, training } = best.chosen;
  const { rate, share } = training!;
  const from = candidate === first ? 'the start' : 'the features as they are';
  return {
    ...best.chosen,
    reason: `training: rate ${rate}, ${Math.round(100 * share)}% of the way from ${from} to where it ends (${scoreText(after)}; the start ${scoreText(before)})`,
  };

  async function isNear(candidate: readonly CandidatePart[]): Promise<boolean> {
    const own = await scoresBy(evaluators, (evaluator) => evaluator.scores(candidate));
    return !losesMoreThan(together(begun), together(own), nearEnough);
  }
}

/** True if the second finds less than the first, by more than so many standard errors over classes. */
function losesMoreThan(first: Scores, second: Scores, errors: number): boolean {
  const { gain, standardError } = pairedGain(second.values, first.values, first.labels);
  return gain < -errors * standardError;
}

/** The scores by each evaluator. */
async function scoresBy(
  evaluators: readonly FoldEvaluator[],
  scores: (evaluator: FoldEvaluator) => Promise<Scores>,
): Promise<Scores[]> {
  const all: Scores[] = [];
  for (const evaluator of evaluators) all.push(await scores(evaluator));
  return all;
}

const meanScore = (all: readonly Scores[]): number => mean(together(all).values);

/** The queries of several evaluators, one behind the other. */
function together(all: readonly Scores[]): Scores {
  return {
    values: Float64Array.from(all.flatMap(({ values }) => [...values])),
    labels: all.flatMap(({ labels }) => labels),
  };
}
