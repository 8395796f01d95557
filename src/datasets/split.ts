import { createHash } from 'node:crypto';
import type { RandomSource } from '../random/random-source.ts';
import { sampleWithoutReplacement } from '../random/shuffle.ts';
import type { ImageDataset } from './dataset.ts';
import { selectClasses } from './select-classes.ts';

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
  const sha1 = (name: string) => createHash('sha1').update(name).digest('hex');
  const hashed = classes.map((name) => ({ name, hash: sha1(name) }));
  hashed.sort((a, b) => (a.hash < b.hash ? -1 : 1));
  const names = hashed.map(({ name }) => name);
  const half = Math.floor(names.length / 2);
  return { train: names.slice(0, half), test: names.slice(half) };
}

/**
 * Holds whole classes out: `share` of them, drawn at random, rounded to the nearest count, but at least one and never
 * all. Both halves keep the dataset's order of classes; images of no class are in neither.
 *
 * @throws if `share` is not between 0 and 1, or if there are fewer than two classes.
 */
export function holdOut(
  dataset: ImageDataset,
  share: number,
  random: RandomSource,
): { readonly kept: ImageDataset; readonly heldOut: ImageDataset } {
  if (!(share > 0 && share < 1)) throw new Error(`the share to hold out is ${share}: it has to lie between 0 and 1`);
  const count = dataset.classes.length;
  if (count < 2) {
    throw new Error(`cannot hold classes of '${dataset.root}' out: it has ${count}, and at least 2 are needed`);
  }
  const held = Math.min(count - 1, Math.max(1, Math.round(share * count)));
  const chosen = new Set(sampleWithoutReplacement(dataset.classes, held, random));
  return {
    kept: selectClasses(
      dataset,
      dataset.classes.filter((name) => !chosen.has(name)),
    ),
    heldOut: selectClasses(
      dataset,
      dataset.classes.filter((name) => chosen.has(name)),
    ),
  };
}
