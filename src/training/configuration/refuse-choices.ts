import { UsageError } from '../../foundation/errors/usage-error.ts';

/**
 * Refuses choices that make no sense together with others.
 *
 * @param given by their names in `TrainingChoices`, and the way into them: `lossSettings.alpha`.
 * @throws UsageError at the first of `given` that has a value: `choices.gap: 0.2 was given, but <reason>`.
 */
export function refuseChoices(given: Readonly<Record<string, unknown>>, reason: string): void {
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const path = `choices.${name}`;
    const text = typeof value === 'string' ? `'${value}'` : typeof value === 'object' ? JSON.stringify(value) : value;
    throw new UsageError(`${path}: ${text} was given, but ${reason}`, { path, expected: 'nothing', value });
  }
}
