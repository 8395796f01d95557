/**
 * Refuses options that make no sense together with others.
 *
 * @throws at the first of `given` that has a value: `--gap 0.2 was given, but <reason>`.
 */
export function refuseChoices(
  given: Readonly<Record<string, number | string | boolean | undefined>>,
  reason: string,
): void {
  for (const [option, value] of Object.entries(given)) {
    if (value === undefined) continue;
    throw new Error(`${option}${typeof value === 'boolean' ? '' : ` ${value}`} was given, but ${reason}`);
  }
}
