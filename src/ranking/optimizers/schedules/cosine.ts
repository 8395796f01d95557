import { defineSchedule } from './define-schedule.ts';

/**
 * Half a cosine from the peak to 0 at the last step: `(1 + cos(pi (step - rise) / (steps - rise))) / 2`.
 *
 * Source: Loshchilov and Hutter 2017, "SGDR", without restarts.
 */
export const cosineSchedule = defineSchedule({
  name: 'cosine',
  words: 'cosine',
  factorAt: (_, { step, steps, rise }) => 0.5 * (1 + Math.cos((Math.PI * (step - rise)) / (steps - rise))),
});
