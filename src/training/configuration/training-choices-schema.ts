import { z } from 'zod';
import { checkedArgument } from '../../foundation/arguments/checked-argument.ts';
import { type SettingName, trainingSettings } from './settings/training-settings.ts';
import type { TrainingChoices } from './training-choices.ts';

type Shape = { readonly [Name in SettingName]: z.ZodOptional<(typeof trainingSettings)[Name]['schema']> };

/**
 * What a user may decide, as a strict schema: every choice, and nothing else. What a choice may be beside others, and what the
 * pictures allow, is said by `chooseRecipe` and `planTraining`.
 */
export const trainingChoicesSchema = z.strictObject(
  Object.fromEntries(Object.entries(trainingSettings).map(([name, { schema }]) => [name, z.optional(schema)])) as Shape,
);

/**
 * A user's choices, checked before anything is read or written.
 *
 * @throws UsageError at the first that is wrong, with its path (`choices.optimizer`): an unknown name of a choice, a name that
 * there is not, a wrong type, a number out of range.
 */
export function checkedTrainingChoices(choices: unknown): TrainingChoices {
  return checkedArgument(trainingChoicesSchema, choices, 'choices');
}
