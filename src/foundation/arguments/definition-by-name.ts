import { knownName } from './known-name.ts';

/**
 * A look-up in a table of definitions.
 *
 * @param what a definition is of, as a sentence goes on: `loss`.
 * @param path of the name in a configuration: `loss.kind`.
 * @returns what gives the definition of a name. It throws a UsageError if there is none: with all names, and the nearest.
 */
export function definitionByName<Definition extends { readonly name: string }>(
  definitions: readonly Definition[],
  what: string,
  path: string,
): (name: unknown) => Definition {
  const byName = new Map(definitions.map((definition) => [definition.name, definition]));
  const names = [...byName.keys()];
  return (name) => byName.get(knownName(name, names, what, path))!;
}
