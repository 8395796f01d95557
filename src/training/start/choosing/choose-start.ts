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
/** Numbers of an embedding that has to tell learnt classes apart alone, at least: so that pictures of a class differ, too. */
const fewestDimensions = 16;
/** How much directions beyond those that tell learnt classes apart may count. */
const restCounts = 0.5;
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
  const asTheyAre = own.form.kind === 'identity' ? [] : [[{ ...own, form: identity, taper: undefined }, ...others]];
  const { candidate, training, reason: why } = await chooseTraining(choice, [joining.candidate, ...asTheyAre]);
  return { untouched: [untouched], candidate, training, reasons: [...reasons, why] };
}

/** The features and the closed form that find most, in all directions; and the trunk as it comes. */
async function chooseFeatures({ heads, names, evaluator, timeLeft, knownClasses, work }: StartChoice) {
  const untouched = whole(heads, 0, identity);
  const begun = { part: untouched, scores: await evaluator.scores([untouched]) };
  const compared = [begun];
  const best = () => compared.reduce((most, one) => (mean(one.scores.values) > mean(most.scores.values) ? one : most));
  const alone = lengthForKnown(knownClasses);
  const total = names.length * forms.ofAll.length + Math.min(names.length, forms.best) * forms.ofBest.length;
  const compare = async (sources: Iterable<number>, under: readonly ClosedForm[]) => {
    for (const source of sources) {
      for (const form of under) {
        if ((source === 0 && form === identity) || !timeLeft()) continue;
        const all = whole(heads, source, form);
        const part =
          form === identity || alone === undefined ? all : { ...all, dimension: Math.min(alone, all.dimension) };
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

/**
 * How long an embedding is compared that has to tell C learnt classes apart, and nothing else: C - 1, for in all further directions
 * pictures of a class differ, and classes do not. Undefined where new classes are searched for, too.
 *
 * Source: Fisher 1936; Rao 1948, "The utilization of multiple measurements in problems of biological classification".
 */
function lengthForKnown(classes: number | undefined): number | undefined {
  return classes === undefined ? undefined : Math.max(fewestDimensions, classes - 1);
}

/** The shortest embedding that is about as good as the best. */
async function chooseDimension(
  { heads, evaluator, timeLeft, dimension: asked, knownClasses }: StartChoice,
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
  for (const other of otherLengths(heads, part, knownClasses)) {
    if (!timeLeft()) break;
    tried.push({ candidate: [other], scores: await evaluator.scores([other]) });
  }
  const most = Math.max(...tried.map((one) => mean(one.scores.values)));
  const [{ candidate, scores: own }] = tried
    .filter((one) => mean(one.scores.values) >= most - worthLength)
    .sort((a, b) => a.candidate[0].dimension - b.candidate[0].dimension);
  const others = tried.map((one) => `${lengthText(one.candidate[0], '')}: ${scoreText(one.scores)}`).join(', ');
  return { candidate, scores: own, reason: `length: ${lengthText(candidate[0], ' numbers')} (${others})` };
}

/**
 * The other lengths that a part is compared at. Of fewer directions than pictures say something: what the others have is not seen
 * here, and other pictures may have it. Where learnt classes are searched for, directions beyond those that tell them apart may
 * count half, too: which picture is nearest is then decided by both.
 */
function otherLengths(heads: FoldHeads, part: CandidatePart, knownClasses: number | undefined): CandidatePart[] {
  const { columns } = heads.sources[part.source];
  const alone = lengthForKnown(knownClasses);
  const usual = dimensions.filter((length) => length < columns);
  const lengths = alone === undefined ? usual : [...usual, heads.sizes[part.source]];
  const whole = lengths.filter((length) => length !== part.dimension).map((dimension) => ({ ...part, dimension }));
  if (alone === undefined) return whole;
  const longer = usual.filter((length) => length > alone);
  return [...whole, ...longer.map((dimension) => ({ ...part, dimension, taper: { from: alone, by: restCounts } }))];
}

function lengthText({ dimension, taper }: CandidatePart, unit: string): string {
  return `${dimension}${unit}${taper === undefined ? '' : `, all but ${taper.from} at ${taper.by}`}`;
}

/** A closed form in words. */
export function formText({ kind, shrinkage }: ClosedForm): string {
  if (kind === 'identity') return 'as they are';
  return `${kind === 'whitening' ? 'whitened' : 'less what differs within classes'} (shrinkage ${shrinkage})`;
}
