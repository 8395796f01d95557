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

/** Definitions of one kind, which a configuration names in `kind`. */
export interface DefinitionTable<Definition> {
  readonly all: readonly Definition[];
  /** @throws UsageError if the table has none of this name. */
  of(config: { readonly kind: string }): Definition;
}

/** A table of definitions; see `definitionByName`. */
export function definitionTable<Definition extends { readonly name: string }>(
  all: readonly Definition[],
  what: string,
  path: string,
): DefinitionTable<Definition> {
  const byName = definitionByName(all, what, path);
  return { all, of: ({ kind }) => byName(kind) };
}
