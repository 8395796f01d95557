import { givenValue } from './given-value.ts';
import { suggestion } from './nearest-name.ts';

/**
 * One of some names.
 *
 * @param what the thing named, as a sentence goes on: `distance`.
 * @throws if it is none of them: with what was given, all that there are, and the nearest.
 */
export function knownName<Name extends string>(given: unknown, names: readonly Name[], what: string): Name {
  const known = names.find((name) => name === given);
  if (known !== undefined) return known;
  const nearest = typeof given === 'string' ? suggestion(given, names) : '';
  const found = typeof given === 'string' ? `'${given.slice(0, 60)}'` : `called ${givenValue(given)}`;
  throw new Error(`there is no ${what} ${found}: it is one of ${names.join(', ')}${nearest}`);
}
