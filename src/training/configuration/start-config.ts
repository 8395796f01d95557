import { z } from 'zod';
import { measuredValueSchema } from '../../evaluation/reports/evaluation-report.ts';
import { closedFormKinds } from '../../ranking/closed-forms/closed-form.ts';

/** What the user is going to search for: pictures of classes that were not learnt, of those that were, or of both. */
export const expectations = ['new-classes', 'known-classes', 'both'] as const;

/** The name of an expectation. */
export type Expectation = (typeof expectations)[number];

/** How well something finds, by folds: each picture is searched for once, among all others. */
export const evaluatedStartSchema = z.strictObject({
  name: z.string(),
  recallAt1: measuredValueSchema,
  mapAtR: measuredValueSchema,
});

/** One line of what was judged before and after training. */
export type EvaluatedStart = z.infer<typeof evaluatedStartSchema>;

/** What the head begins as, chosen by folds of the training pictures, and how far it goes from there. */
export const startConfigSchema = z.strictObject({
  /** The closed form that the linear layer begins as. */
  form: z.strictObject({ kind: z.enum(closedFormKinds), shrinkage: z.number().min(0).max(1) }),
  /** How far the weights go from the start to where training ends: 0 keeps the start, 1 takes the trained ones. */
  share: z.number().min(0).max(1),
  expect: z.enum(expectations),
  /** Whether somebody said where the network is cut; else its cuts were compared. */
  cut: z.enum(['chosen', 'compared']),
  /** How many pictures each is searched for among, and their classes; null in files that do not say it. */
  judged: z
    .strictObject({ pictures: z.int().min(0), classes: z.int().min(0) })
    .nullable()
    .default(null),
  /** On classes that the judged head had not learnt, with the interval of as many other classes; baselines first, what is kept last. */
  newClasses: z.array(evaluatedStartSchema),
  /** On other pictures of classes that it had learnt. */
  knownClasses: z.array(evaluatedStartSchema),
  /** True if somebody said how long the embedding is. */
  dimensionChosen: z.boolean(),
  /** Why each was chosen, in a line. */
  reasons: z.array(z.string()),
});

/** A strong start as `config.json` has it. */
export type StartConfig = z.infer<typeof startConfigSchema>;
