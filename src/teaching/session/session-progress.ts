import type { Answer } from '../answers/answer.ts';
import { answeredTriplets } from '../answers/answered-triplets.ts';
import { findContradictions } from '../answers/contradictions.ts';
import { raterAgreement } from '../answers/rater-agreement.ts';

/** How far a labelling is. */
export interface SessionProgress {
  /** Answers by rater. */
  readonly raters: readonly { readonly name: string; readonly answers: number }[];
  readonly answers: number;
  /** Triplets that the answers say: to learn from, and kept aside. */
  readonly triplets: number;
  readonly keptAside: number;
  readonly contradictions: number;
  /** Krippendorff's alpha of triplet answers and of marks; null where nothing can be compared. */
  readonly agreement: { readonly triplets: number | null; readonly marks: number | null };
  /** What answers cost, by the kind of question: median seconds, and triplets an answer. */
  readonly cost: Readonly<Record<Answer['kind'], { readonly seconds: number; readonly triplets: number } | null>>;
}

/** What answers come to so far. */
export function sessionProgress(answers: readonly Answer[]): SessionProgress {
  const triplets = answeredTriplets(answers);
  const agreement = raterAgreement(answers);
  return {
    raters: [...agreement.raters].map(([name, count]) => ({ name, answers: count })),
    answers: answers.length,
    triplets: triplets.filter(({ keptAside }) => !keptAside).length,
    keptAside: triplets.filter(({ keptAside }) => keptAside).length,
    contradictions: findContradictions(answers).length,
    agreement: { triplets: agreement.triplets.alpha ?? null, marks: agreement.marks.alpha ?? null },
    cost: { triplet: costOf(answers, 'triplet'), grid: costOf(answers, 'grid') },
  };
}

function costOf(answers: readonly Answer[], kind: Answer['kind']) {
  const some = answers.filter((answer) => answer.kind === kind);
  if (some.length === 0) return null;
  const seconds = some.map((answer) => answer.seconds).sort((a, b) => a - b);
  return {
    seconds: seconds[Math.floor(seconds.length / 2)],
    triplets: answeredTriplets(some).length / some.length,
  };
}
