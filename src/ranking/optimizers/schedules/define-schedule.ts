/** How a rate falls by steps: it is multiplied by `factor` each time another `every` share of the steps has passed. */
export interface Fall {
  readonly every: number;
  readonly factor: number;
}

/** A step behind the warm-up. */
export interface SchedulePlace {
  /** Counted from 1, as `steps` is. */
  readonly step: number;
  readonly steps: number;
  /** How many steps the rate has risen over; not always a whole number, and below `step`. */
  readonly rise: number;
}

/** What is written about one schedule of the learning rate, once. */
export interface ScheduleDefinition<Name extends string = string> {
  /** As `config.json` and the command line have it. */
  readonly name: Name;
  /** As the help names it: its name, and what it does where that does not say it. */
  readonly words: string;
  /** How it falls where a preset's schedule is another one. Default: as the preset's does, for it does not ask. */
  readonly fall?: Fall;
  /** The share of the peak, 0 to 1. */
  factorAt(fall: Fall, place: SchedulePlace): number;
}

/** A schedule for the table: all that the configuration, the command line and the loop of a run know of it. */
export function defineSchedule<const Name extends string>(
  definition: ScheduleDefinition<Name>,
): ScheduleDefinition<Name> {
  return definition;
}
