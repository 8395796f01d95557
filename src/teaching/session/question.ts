import type { QuestionReason } from '../answers/answer.ts';

/** What every question has. */
interface Asked {
  /** The id of the picture that is asked about. */
  readonly query: string;
  readonly reason: QuestionReason;
  readonly keptAside: boolean;
}

/** A question of three pictures: which is more like the query? */
export interface TripletQuestion extends Asked {
  readonly kind: 'triplet';
  readonly left: string;
  readonly right: string;
}

/** A question of a query and up to twelve candidates: which are like the query? */
export interface GridQuestion extends Asked {
  readonly kind: 'grid';
  readonly candidates: readonly string[];
}

/** A question for a rater, pictures by their ids. */
export type Question = TripletQuestion | GridQuestion;
