import { defineSchedule } from './define-schedule.ts';

/** The peak, to the end. */
export const constantSchedule = defineSchedule({ name: 'constant', words: 'constant', factorAt: () => 1 });
