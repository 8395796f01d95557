import { z } from 'zod';
import { queryNumber } from './query-number.ts';

/** Training runs. */
export const runsSchema = z.strictObject({
  runs: z
    .array(
      z.strictObject({
        name: z.string().describe('What its folder is called.'),
        state: z
          .enum(['training', 'finished', 'stopped'])
          .describe('Training while a process has its lock; finished where its model is there.'),
        begun: z.number().describe('When it was begun, in milliseconds since 1970.'),
        logged: z.number().nullable().describe('When it last said how it goes; null where it has not yet.'),
        hasReport: z.boolean(),
      }),
    )
    .describe('The one begun last first.'),
});

const name = z.string().min(1).max(255).describe('What the folder of the run is called.');

/** Which run. */
export const runQuerySchema = z.strictObject({ name });

/** Which run, and from where on. */
export const runLogQuerySchema = z.strictObject({
  name,
  after: queryNumber(z.int().min(0)).default(0).describe('What is known already: `next` of the answer before.'),
});

/** The course of a run. */
export const runLogSchema = z.strictObject({
  steps: z.array(
    z.strictObject({
      step: z.number(),
      of: z.number().nullable().describe('Steps of the whole run; null where the log does not say it.'),
      epoch: z.number(),
      loss: z.number(),
      activeShare: z.number(),
      learningRate: z.number(),
      imagesPerSecond: z.number(),
      secondsLeft: z.number().nullable(),
    }),
  ),
  evaluations: z.array(
    z.strictObject({
      step: z.number(),
      measures: z
        .record(z.string(), z.number())
        .describe('By their names: `mapAtR`, `recallAt1`, `similarityPrecision`.'),
    }),
  ),
  next: z.number().describe('Where the next part begins. Less than what was asked for: the log was begun anew.'),
  isWhole: z.boolean().describe('True if nothing more has been logged by now; else ask for the next part at once.'),
});

/** Training runs. */
export type ServiceRuns = z.output<typeof runsSchema>;
/** A part of the course of a run. */
export type ServiceRunLog = z.output<typeof runLogSchema>;
