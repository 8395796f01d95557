import { z } from 'zod';
import { gridAnswerSchema, longestRater, questionReasons, tripletAnswerSchema } from '../../teaching/answers/answer.ts';
import { queryNumber } from './query-number.ts';
import { imageIdSchema } from './requests.ts';

const raterSchema = z.string().trim().min(1).max(longestRater).describe('Who answers, by name.');

/** For whom a question is. */
export const questionQuerySchema = z.strictObject({
  rater: raterSchema,
  kind: z.enum(['triplet', 'grid']).default('triplet'),
});

const found = { id: true, at: true, keptAside: true } as const;

/** An answer: the service adds its id, its time, and whether it is kept aside. */
export const answerRequestSchema = z.discriminatedUnion('kind', [
  z.strictObject(tripletAnswerSchema.shape).omit(found),
  z.strictObject(gridAnswerSchema.shape).omit(found),
]);

/** Whose last answer is taken back. */
export const undoRequestSchema = z.strictObject({ rater: raterSchema });

/** Which triplets are written. */
export const exportRequestSchema = z.strictObject({
  unanimous: z.int().min(1).optional().describe('Only what so many people said, and nobody denied.'),
  part: z.enum(['train', 'aside']).optional().describe('Only what is learnt from, or what is kept aside.'),
});

/** Which picture's neighbours. */
export const nearestQuerySchema = z.strictObject({
  id: imageIdSchema,
  k: queryNumber(z.int().min(1).max(100)).default(12),
});

const asked = {
  query: imageIdSchema,
  reason: z.enum(questionReasons).describe('How the question came about.'),
  keptAside: z.boolean().describe('True if it only judges what is learnt.'),
};

/** A question. */
export const questionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('triplet'), ...asked, left: imageIdSchema, right: imageIdSchema }),
  z.strictObject({ kind: z.literal('grid'), ...asked, candidates: z.array(imageIdSchema) }),
]);

const cost = z.strictObject({
  seconds: z.number().describe('Median of an answer.'),
  triplets: z.number().describe('Triplets that an answer says, on average.'),
});

const taughtSchema = z.strictObject({
  answers: z.number(),
  triplets: z.number(),
  keptAside: z.number(),
  before: z.number().describe('Share of the kept-aside triplets that the model ranked as people did.'),
  after: z.number().describe('The same of the taught model.'),
  kept: z.boolean().describe('False if that was worse, so that the model stays as it was.'),
  model: z.string().optional().describe('The file of the taught model.'),
  shares: z.record(z.string(), z.number()).readonly().describe('What share of the distance each part has.'),
});

/** How far a labelling is, and what teaching came to. */
export const labellingSchema = z.strictObject({
  images: z.number(),
  raters: z.array(z.strictObject({ name: z.string(), answers: z.number() })).readonly(),
  answers: z.number(),
  triplets: z.number(),
  keptAside: z.number(),
  contradictions: z.number(),
  agreement: z
    .strictObject({ triplets: z.number().nullable(), marks: z.number().nullable() })
    .describe("Krippendorff's alpha; null where nothing can be compared."),
  cost: z.strictObject({ triplet: cost.nullable(), grid: cost.nullable() }),
  teaching: z
    .strictObject({ done: z.number(), total: z.number().nullable() })
    .nullable()
    .describe('How far the teaching under way is; null where none is.'),
  taught: taughtSchema.nullable().describe('What the last teaching came to.'),
  refused: z.string().nullable().describe('Why the last teaching was not done.'),
});

/** The query of the answer that was taken back; null where there was none. */
export const undoneSchema = z.strictObject({ query: z.string().nullable() });

/** Pictures by their ids, nearest first. */
export const nearestSchema = z.strictObject({ images: z.array(z.string()) });

/** What was written for training. */
export const exportedSchema = z.strictObject({ file: z.string(), triplets: z.number() });
