import { mean } from '../../foundation/numbers/mean.ts';
import { advance, type LongWork } from '../../foundation/progress/progress.ts';
import type { ClosedForm } from '../../ranking/closed-forms/closed-form.ts';
import { choosingWork } from './choosing-work.ts';
import type { FoldEvaluator, Scores, TrainedMaps } from './compare-candidates.ts';
import type { CandidatePart, FoldHeads } from './fold-heads.ts';
import { type JoinParts, joinParts } from './join-parts.ts';
import { pairedGain } from './paired-gain.ts';
import { points, scoreText } from './score-text.ts';

/** Closed forms that are compared. */
const forms: readonly ClosedForm[] = [
  { kind: 'identity', shrinkage: 0 },
  { kind: 'whitening', shrinkage: 0.1 },
  { kind: 'within-class', shrinkage: 0.1 },
  { kind: 'within-class', shrinkage: 0.3 },
];
/** Lengths of the embedding that are compared, beside all directions. */
const dimensions = [128, 192, 256];
/** Peak learning rates of a head, and shares of the way to what they give. */
const rates = [1e-4, 5e-4];
const shares = [0.25, 0.5, 1];
/** Recall@1 and MAP@R together, by which a longer embedding has to be better than a shorter one. */
const worthLength = 0.003;

/** What can be chosen from. */
export interface StartChoice extends JoinParts {
  /** Length of the embedding, where somebody said it. */
  readonly dimension: number | undefined;
  /** Judges for training, which is looked at by each expectation. */
  readonly evaluators: readonly FoldEvaluator[];
  /** Trains a candidate's head in every fold of a judge. */
  readonly train: (
    evaluator: FoldEvaluator,
    candidate: readonly CandidatePart[],
    rate: number,
  ) => Promise<TrainedMaps['maps']>;
  readonly work: LongWork;
}

/** What was chosen, and why. */
export interface ChosenStart {
  /** The trunk as it comes. */
  readonly untouched: readonly CandidatePart[];
  readonly candidate: readonly CandidatePart[];
  /** How the head is trained from there; undefined where that does not help. */
  readonly training: { readonly rate: number; readonly share: number } | undefined;
  /** A line for each choice. */
  readonly reasons: readonly string[];
}

/**
 * Chooses what a head begins as, by folds of the training pictures alone: which features under which closed form, how many
 * directions, which unlearnt parts join and with which shares, whether training from there helps, at which rate, and how far
 * to go. Each choice is made with the ones before it fixed. What makes the model more than it was (parts, training) has to
 * gain more than its standard error over classes, and training may lose by no expectation; else what is simpler stays.
 *
 * Candidates are compared by Recall@1 and MAP@R together.
 * Source: Wortsman et al. 2022, "Robust fine-tuning of zero-shot models", for going a share of the way.
 */
export async function chooseStart(choice: StartChoice): Promise<ChosenStart> {
  const { heads, names, evaluator, timeLeft } = choice;
  const count = names.length;
  const total = count * forms.length;
  const untouched = [whole(heads, 0, forms[0])];
  const reasons: string[] = [];
  let best = { part: untouched[0], scores: await evaluator.scores(untouched) };
  const begun = best.scores;
  let done = 1;
  for (let source = 0; source < count; source++) {
    for (const form of forms) {
      if ((source === 0 && form === forms[0]) || !timeLeft()) continue;
      const part = whole(heads, source, form);
      const scores = await evaluator.scores([part]);
      if (mean(scores.values) > mean(best.scores.values)) best = { part, scores };
      advance(choice.work, { work: choosingWork, unit: 'candidates', done: ++done, total });
    }
  }
  reasons.push(
    `features: ${names[best.part.source]}, ${formText(best.part.form)} (${scoreText(best.scores)}; as they come ${scoreText(begun)})`,
  );
  const shorter = await chooseDimension(choice, best.part, best.scores);
  reasons.push(shorter.reason);
  const joining = await joinParts(choice, shorter.candidate, shorter.scores);
  reasons.push(...joining.reasons);
  const training = await chooseTraining(choice, joining.candidate);
  reasons.push(...training.reasons);
  return { untouched, candidate: joining.candidate, training: training.training, reasons };
}

function whole({ sizes }: FoldHeads, source: number, form: ClosedForm): CandidatePart {
  return { source, form, dimension: sizes[source], share: 1 };
}

/** The shortest embedding that is about as good as the best. */
async function chooseDimension(
  { heads, evaluator, timeLeft, dimension: asked }: StartChoice,
  part: CandidatePart,
  scores: Scores,
) {
  if (asked !== undefined) {
    const candidate = [{ ...part, dimension: Math.min(asked, heads.sizes[part.source]) }];
    const own = await evaluator.scores(candidate);
    return {
      candidate,
      scores: own,
      reason: `length: ${candidate[0].dimension} numbers, as was asked (${scoreText(own)})`,
    };
  }
  const tried = [{ candidate: [part], scores }];
  // Of fewer directions than pictures say something: what the others have is not seen here, and other pictures may have it.
  for (const dimension of dimensions.filter((length) => length < heads.sources[part.source].columns)) {
    if (!timeLeft()) break;
    const candidate = [{ ...part, dimension }];
    tried.push({ candidate, scores: await evaluator.scores(candidate) });
  }
  const most = Math.max(...tried.map((one) => mean(one.scores.values)));
  const [{ candidate, scores: own }] = tried
    .filter((one) => mean(one.scores.values) >= most - worthLength)
    .sort((a, b) => a.candidate[0].dimension - b.candidate[0].dimension);
  const others = tried.map((one) => `${one.candidate[0].dimension}: ${scoreText(one.scores)}`).join(', ');
  return { candidate, scores: own, reason: `length: ${candidate[0].dimension} numbers (${others})` };
}

async function chooseTraining({ evaluators, train, timeLeft }: StartChoice, candidate: readonly CandidatePart[]) {
  const nothing = (why: string) => ({
    training: undefined,
    reasons: [`training: none, the start is kept as it is: ${why}`],
  });
  if (!timeLeft()) return nothing('the time to choose in was up');
  const begun = await scoresBy(evaluators, (evaluator) => evaluator.scores(candidate));
  let best = { training: { rate: 0, share: 0 }, scores: begun };
  for (const rate of rates) {
    const maps = new Map<FoldEvaluator, TrainedMaps['maps']>();
    for (const evaluator of evaluators) maps.set(evaluator, await train(evaluator, candidate, rate));
    for (const share of shares) {
      const scores = await scoresBy(evaluators, (evaluator) =>
        evaluator.scores(candidate, { maps: maps.get(evaluator)!, share }),
      );
      // What is gained where classes are known may not be lost where they are new, nor the other way round.
      const worse = scores.some(({ values }, evaluator) => mean(values) < mean(begun[evaluator].values));
      if (!worse && mean(together(scores).values) > mean(together(best.scores).values)) {
        best = { training: { rate, share }, scores };
      }
    }
    if (!timeLeft()) break;
  }
  if (best.scores === begun) return nothing('going on from it does not help');
  const [after, before] = [together(best.scores), together(begun)];
  const { gain, standardError } = pairedGain(after.values, before.values, after.labels);
  if (gain <= standardError) {
    return nothing(`what that gains (${points(gain)}) may be chance (± ${points(standardError)})`);
  }
  const { rate, share } = best.training;
  return {
    training: best.training,
    reasons: [
      `training: rate ${rate}, ${Math.round(100 * share)}% of the way from the start to where it ends (${scoreText(after)}; the start ${scoreText(before)})`,
    ],
  };
}

/** The scores by each judge. */
async function scoresBy(
  evaluators: readonly FoldEvaluator[],
  scores: (evaluator: FoldEvaluator) => Promise<Scores>,
): Promise<Scores[]> {
  const all: Scores[] = [];
  for (const evaluator of evaluators) all.push(await scores(evaluator));
  return all;
}

/** The queries of several judges, one behind the other. */
function together(all: readonly Scores[]): Scores {
  return {
    values: Float64Array.from(all.flatMap(({ values }) => [...values])),
    labels: all.flatMap(({ labels }) => labels),
  };
}

/** A closed form in words. */
export function formText({ kind, shrinkage }: ClosedForm): string {
  if (kind === 'identity') return 'as they are';
  return `${kind === 'whitening' ? 'whitened' : 'less what differs within classes'} (shrinkage ${shrinkage})`;
}
