import type { z } from 'zod';
import type { trainingSettings } from './settings/training-settings.ts';

/** What a user may decide; everything left out is as `trainingSettings` has it, or the preset's. */
export type TrainingChoices = {
  readonly [Name in keyof typeof trainingSettings]?: z.input<(typeof trainingSettings)[Name]['schema']> | undefined;
};
