import { z } from 'zod';

/** How a rate falls by steps: it is multiplied by `factor` each time another `every` share of the steps has passed. */
interface Fall {
  readonly every: number;
  readonly factor: number;
}

/** One way of a learning rate, once it has risen. */
interface Schedule {
  /** As the help names it: its name, and what it does. */
  readonly words: string;
  /** Its numbers where a preset's schedule is another one. Default: the preset's. */
  readonly falling?: Fall;
  /** The share of the peak at `step` of `steps`, both counted from 1, where `rise` of them are behind it. */
  factorAt(settings: Fall, step: number, steps: number, rise: number): number;
}

const schedules = {
  constant: { words: 'constant', factorAt: () => 1 },
  step: {
    words: 'step (a tenth after each third of the steps)',
    falling: { every: 1 / 3, factor: 0.1 },
    factorAt: ({ every, factor }, step, steps) => factor ** Math.floor((step - 1) / Math.max(1, every * steps)),
  },
  cosine: {
    words: 'cosine',
    factorAt: (_, step, steps, rise) => 0.5 * (1 + Math.cos((Math.PI * (step - rise)) / (steps - rise))),
  },
} as const satisfies Record<string, Schedule>;

/** The name of a schedule. */
export type ScheduleName = keyof typeof schedules;
/** Their names, in the order in which help and messages give them. */
export const scheduleNames = Object.keys(schedules) as readonly ScheduleName[];
/** What each is, in the words of the help. */
export const scheduleWords: readonly string[] = scheduleNames.map((name) => schedules[name].words);

/** How the learning rate moves over a run, as `config.json` has it. */
export const scheduleSchema = z.strictObject({
  kind: z.enum(scheduleNames),
  /** Share of the steps over which the rate rises linearly from 0 to its peak. */
  warmup: z.number().min(0).max(1),
  /** The rise takes at least so many steps, but at most half of all unless its share is larger. Default: 0, as in earlier versions. */
  warmupSteps: z.int().min(0).max(1_000_000).exactOptional(),
  /** `step` only, see `Fall`. */
  every: z.number().positive().max(1),
  factor: z.number().positive().max(1),
});

/** A schedule by name, with all its settings. */
export type ScheduleSettings = z.infer<typeof scheduleSchema>;

/** A schedule of this name with a preset's numbers, or its own where it has some and the preset's is another one. */
export function scheduleLike(name: ScheduleName, preset: ScheduleSettings): ScheduleSettings {
  const { falling }: Schedule = schedules[name];
  return { ...preset, kind: name, ...(name === preset.kind ? {} : falling) };
}

/**
 * Steps over which the rate rises, not rounded: `max(warmup * steps, min(warmupSteps, steps / 2))`.
 *
 * Why a number of steps beside a share: what a warm-up is for does not shrink with the run. Adam's first updates have the full
 * rate in every weight whatever the gradient, before its second moments mean anything, and batch normalisation's weights have not
 * found their size; a share of a short run is a step or two, after which the network may have collapsed. Why at most half: the
 * rate has to be high for a while to be of use.
 */
export function warmupLength({ warmup, warmupSteps = 0 }: ScheduleSettings, steps: number): number {
  return Math.max(warmup * steps, Math.min(warmupSteps, steps / 2));
}

/**
 * The share of the peak learning rate at `step` of `steps`, both counted from 1: a linear warm-up `step / warmupLength`,
 * then constant; or falling by steps; or half a cosine to 0 at the last step.
 *
 * Source: Loshchilov and Hutter 2017 (cosine), without restarts.
 */
export function learningRateFactor(schedule: ScheduleSettings, step: number, steps: number): number {
  const warmupSteps = warmupLength(schedule, steps);
  if (step <= warmupSteps) return step / warmupSteps;
  return schedules[schedule.kind].factorAt(schedule, step, steps, warmupSteps);
}
