import { UsageError } from '../errors/usage-error.ts';
import { givenValue } from './given-value.ts';
import { nearestName, suggestion } from './nearest-name.ts';

/**
 * One of some names.
 *
 * @param what the thing named, as a sentence goes on: `distance`.
 * @param path of the argument. Default: `what`.
 * @throws UsageError if it is none of them: with what was given, all that there are, and the nearest.
 */
export function knownName<Name extends string>(
  given: unknown,
  names: readonly Name[],
  what: string,
  path = what,
): Name {
  const known = names.find((name) => name === given);
  if (known !== undefined) return known;
  const typed = typeof given === 'string' ? given : '';
  const found = typeof given === 'string' ? `'${given.slice(0, 60)}'` : `called ${givenValue(given)}`;
  const expected = `one of ${names.join(', ')}`;
  throw new UsageError(`there is no ${what} ${found}: it is ${expected}${suggestion(typed, names)}`, {
    path,
    expected,
    value: given,
    nearest: nearestName(typed, names),
  });
}
