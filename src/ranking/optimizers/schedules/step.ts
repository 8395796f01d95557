import { defineSchedule } from './define-schedule.ts';

/** Falls by steps: `factor^floor((step - 1) / max(1, every * steps))`, the warm-up's steps counted. */
export const stepSchedule = defineSchedule({
  name: 'step',
  words: 'step (a tenth after each third of the steps)',
  fall: { every: 1 / 3, factor: 0.1 },
  factorAt: ({ every, factor }, { step, steps }) => factor ** Math.floor((step - 1) / Math.max(1, every * steps)),
});
