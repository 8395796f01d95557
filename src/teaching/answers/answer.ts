import { z } from 'zod';

/** Answers to a triplet question: which candidate is more like the query; both are, neither is, or no answer. */
export const tripletChoices = ['left', 'right', 'both', 'neither', 'skip'] as const;

/** One of `tripletChoices`. */
export type TripletChoice = (typeof tripletChoices)[number];

/** How a question came about: drawn at random, where the model is least sure, where two models disagree, or asked again. */
export const questionReasons = ['random', 'unsure', 'disagree', 'again'] as const;

/** One of `questionReasons`. */
export type QuestionReason = (typeof questionReasons)[number];

/** Candidates of a grid question. Source: Wilber, Kwak and Belongie 2014, who show grids of twelve. */
export const gridSize = 12;

const imageId = z.string().min(1).max(4096);

/** The longest name of a rater, in characters. */
export const longestRater = 80;

const given = {
  /** Unique in the log. */
  id: z.string().min(1).max(80),
  /** Who answered, by name. */
  rater: z.string().trim().min(1).max(longestRater),
  /** When, ISO 8601. */
  at: z.iso.datetime(),
  /** Seconds from seeing the question to the answer. */
  seconds: z.number().min(0).max(86_400),
  reason: z.enum(questionReasons),
  /** True if no head is ever trained with it: it judges heads. */
  keptAside: z.boolean(),
};

/** An answer to: which of two images is more like the query? Images by their ids. */
export const tripletAnswerSchema = z
  .strictObject({
    kind: z.literal('triplet'),
    ...given,
    query: imageId,
    left: imageId,
    right: imageId,
    answer: z.enum(tripletChoices),
  })
  .refine(({ query, left, right }) => new Set([query, left, right]).size === 3, {
    error: 'a triplet is three different images',
  });

/** An answer to: which of these images are like the query? Images by their ids. */
export const gridAnswerSchema = z
  .strictObject({
    kind: z.literal('grid'),
    ...given,
    query: imageId,
    candidates: z.array(imageId).min(2).max(gridSize),
    /** Those of the candidates that are like the query; none and all say nothing. */
    marked: z.array(imageId).max(gridSize),
  })
  .refine(({ query, candidates }) => new Set([query, ...candidates]).size === candidates.length + 1, {
    error: 'a grid is a query and different candidates',
  })
  .refine(
    ({ candidates, marked }) =>
      new Set(marked).size === marked.length && marked.every((image) => candidates.includes(image)),
    { error: 'what is marked has to be among the candidates, each once' },
  );

/** Takes an answer back; the answer stays in the log. */
export const undoSchema = z.strictObject({
  kind: z.literal('undo'),
  rater: given.rater,
  at: given.at,
  /** The id of the answer. */
  of: given.id,
});

/** A line of the log. */
export const logEntrySchema = z.discriminatedUnion('kind', [tripletAnswerSchema, gridAnswerSchema, undoSchema]);

/** An answer to a question of three images. */
export type TripletAnswer = Readonly<z.infer<typeof tripletAnswerSchema>>;
/** An answer to a question of a query and a grid of candidates. */
export type GridAnswer = Readonly<z.infer<typeof gridAnswerSchema>>;
/** An answer of a person. */
export type Answer = TripletAnswer | GridAnswer;
/** A line of the log: an answer, or one taken back. */
export type LogEntry = z.infer<typeof logEntrySchema>;

/** What whoever records an answer says; id and time are the log's to give. */
export type NewAnswer = Omit<TripletAnswer, 'id' | 'at'> | Omit<GridAnswer, 'id' | 'at'>;
