import { createHash } from 'node:crypto';
import { arrayOf, valueLike } from '../../foundation/arguments/argument-rule.ts';
import { checkArgument } from '../../foundation/arguments/check-options.ts';

const className = valueLike<string>('a name', (value) => typeof value === 'string');
const classNames = arrayOf('an array of names of classes', className);

/** Names of the classes to learn from, and of those to judge on. */
export interface ClassSplit {
  readonly train: readonly string[];
  readonly test: readonly string[];
}

/**
 * Divides classes in two halves that share none, the same on every machine and without a seed: sorted by the SHA-1 of
 * their names (UTF-8, compared as hexadecimal), the first `floor(n / 2)` to learn from and the rest to judge on.
 */
export function splitByClassHash(classes: readonly string[]): ClassSplit {
  checkArgument(classes, classNames, 'classes');
  const sha1 = (name: string) => createHash('sha1').update(name).digest('hex');
  const hashed = classes.map((name) => ({ name, hash: sha1(name) }));
  hashed.sort((a, b) => (a.hash < b.hash ? -1 : 1));
  const names = hashed.map(({ name }) => name);
  const half = Math.floor(names.length / 2);
  return { train: names.slice(0, half), test: names.slice(half) };
}
