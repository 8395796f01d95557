import { mean } from '../../../foundation/numbers/mean.ts';
import { advance, type LongWork } from '../../../foundation/progress/progress.ts';
import type { ClosedForm } from '../../../ranking/closed-forms/closed-form.ts';
import type { CandidatePart, FoldHeads } from '../fold-heads.ts';
import { chooseTraining, type HeadCourse, type TrainingChoice } from './choose-training.ts';
import { choosingWork } from './choosing-work.ts';
import type { Scores } from './compare-candidates.ts';
import { type JoinParts, joinParts } from './join-parts.ts';
import { scoreText } from './score-text.ts';

/** As features come. */
const identity: ClosedForm = { kind: 'identity', shrinkage: 0 };
/** Closed forms of all features, and those that only the best features are compared under besides; how many these are. */
const forms = {
  ofAll: [identity, { kind: 'within-class', shrinkage: 0.1 }, { kind: 'within-class', shrinkage: 0.3 }],
  ofBest: [
    { kind: 'whitening', shrinkage: 0.1 },
    { kind: 'within-class', shrinkage: 0.6 },
    { kind: 'within-class', shrinkage: 0.9 },
  ],
  best: 3,
} as const satisfies Record<string, readonly ClosedForm[] | number>;
/** Lengths of the embedding that are compared, beside all directions. */
const dimensions = [128, 192, 256];
/** Recall@1 and MAP@R together, by which a longer embedding has to be better than a shorter one. */
const worthLength = 0.003;

/** What can be chosen from. */
export interface StartChoice extends JoinParts, TrainingChoice {
  /** Length of the embedding, where somebody said it. */
  readonly dimension: number | undefined;
  readonly work: LongWork;
}

/** What was chosen, and why. */
export interface ChosenStart {
  /** The trunk as it comes. */
  readonly untouched: readonly CandidatePart[];
  readonly candidate: readonly CandidatePart[];
  /** How the head is trained from there; undefined where that does not help. */
  readonly training: HeadCourse | undefined;
  /** A line for each choice. */
  readonly reasons: readonly string[];
}

/**
 * Chooses what a head begins as, by folds of the training pictures alone: which features under which closed form, how many
 * directions, which unlearnt parts join and with which shares, whether training from there, or from the same features as they are,
 * helps, at which rate, and how far to go. Each choice is made with the ones before it fixed. What makes the model more than it was
 * (parts, training) has to gain more than its standard error over classes; else what is simpler stays.
 *
 * Candidates are compared by Recall@1 and MAP@R together.
 */
export async function chooseStart(choice: StartChoice): Promise<ChosenStart> {
  const { untouched, best, reason } = await chooseFeatures(choice);
  const reasons = [reason];
  const shorter = await chooseDimension(choice, best.part, best.scores);
  reasons.push(shorter.reason);
  const joining = await joinParts(choice, shorter.candidate, shorter.scores);
  reasons.push(...joining.reasons);
  const [own, ...others] = joining.candidate;
  const asTheyAre = own.form.kind === 'identity' ? [] : [[{ ...own, form: identity }, ...others]];
  const { candidate, training, reason: why } = await chooseTraining(choice, [joining.candidate, ...asTheyAre]);
  return { untouched: [untouched], candidate, training, reasons: [...reasons, why] };
}

/** The features and the closed form that find most, in all directions; and the trunk as it comes. */
async function chooseFeatures({ heads, names, evaluator, timeLeft, work }: StartChoice) {
  const untouched = whole(heads, 0, identity);
  const begun = { part: untouched, scores: await evaluator.scores([untouched]) };
  const compared = [begun];
  const best = () => compared.reduce((most, one) => (mean(one.scores.values) > mean(most.scores.values) ? one : most));
  const total = names.length * forms.ofAll.length + Math.min(names.length, forms.best) * forms.ofBest.length;
  const compare = async (sources: Iterable<number>, under: readonly ClosedForm[]) => {
    for (const source of sources) {
      for (const form of under) {
        if ((source === 0 && form === identity) || !timeLeft()) continue;
        const part = whole(heads, source, form);
        compared.push({ part, scores: await evaluator.scores([part]) });
        advance(work, { work: choosingWork, unit: 'candidates', done: compared.length, total });
      }
    }
  };
  await compare(names.keys(), forms.ofAll);
  const ranked = [...compared].sort((a, b) => mean(b.scores.values) - mean(a.scores.values));
  await compare([...new Set(ranked.map(({ part }) => part.source))].slice(0, forms.best), forms.ofBest);
  const { part, scores } = best();
  const what = `${names[part.source]}, ${formText(part.form)}`;
  return {
    untouched,
    best: { part, scores },
    reason: `features: ${what} (${scoreText(scores)}; as they come ${scoreText(begun.scores)})`,
  };
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

/** A closed form in words. */
export function formText({ kind, shrinkage }: ClosedForm): string {
  if (kind === 'identity') return 'as they are';
  return `${kind === 'whitening' ? 'whitened' : 'less what differs within classes'} (shrinkage ${shrinkage})`;
}
