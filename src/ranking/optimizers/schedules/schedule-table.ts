import { z } from 'zod';
import { type DefinitionTable, definitionTable } from '../../../foundation/arguments/definition-by-name.ts';
import { constantSchedule } from './constant.ts';
import { cosineSchedule } from './cosine.ts';
import type { ScheduleDefinition } from './define-schedule.ts';
import { stepSchedule } from './step.ts';

/** Every schedule, in the order in which help and messages name them. */
const schedules = [constantSchedule, stepSchedule, cosineSchedule] as const;

/** The name of a schedule. */
export type ScheduleName = (typeof schedules)[number]['name'];
/** Their names, in the order in which help and messages give them. */
export const scheduleNames: readonly ScheduleName[] = schedules.map(({ name }) => name);

/** How the learning rate moves over a run, as `config.json` has it. */
export const scheduleSchema = z.strictObject({
  kind: z.enum(scheduleNames),
  /** Share of the steps over which the rate rises linearly from 0 to its peak. */
  warmup: z.number().min(0).max(1),
  /** The rise takes at least so many steps, but at most half of all unless its share is larger. Default: 0, as in earlier versions. */
  warmupSteps: z.int().min(0).max(1_000_000).exactOptional(),
  /** See `Fall`: of `step`, but the others have had it from the beginning. */
  every: z.number().positive().max(1),
  factor: z.number().positive().max(1),
});

/** A schedule by name, with all its settings. */
export type ScheduleSettings = z.infer<typeof scheduleSchema>;

/** Schedules by name. */
export type ScheduleTable = DefinitionTable<ScheduleDefinition>;

/** A table of schedules. */
export const scheduleTableOf = (all: readonly ScheduleDefinition[]): ScheduleTable =>
  definitionTable(all, 'schedule', 'schedule.kind');

/** Every schedule that there is; all that is said and done by a schedule's name goes by it. */
export const scheduleTable = scheduleTableOf(schedules);
