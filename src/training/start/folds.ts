import type { RandomSource } from '../../foundation/random/random-source.ts';
import { shuffle } from '../../foundation/random/shuffle.ts';

/** A division of rows: a head is fitted to some and judged by others. */
export interface Fold {
  /** Rows that the head is fitted to. */
  readonly train: readonly number[];
  /** Rows that are searched for. */
  readonly queries: readonly number[];
}

/**
 * Folds of classes: every class is judged once, by a head that has seen none of its pictures. Classes are dealt in random order,
 * each to the fold that has fewest pictures.
 *
 * @param labels the class of each row.
 */
export function classFolds(labels: ArrayLike<number>, count: number, random: RandomSource): Fold[] {
  const classes = rowsByClass(labels);
  const dealt = Array.from({ length: count }, (): number[] => []);
  for (const rows of shuffle([...classes.values()], random)) smallest(dealt).push(...rows);
  return foldsOf(dealt, labels.length);
}

/** Folds of one class each: every class of at least two pictures is judged once. */
export function singleClassFolds(labels: ArrayLike<number>): Fold[] {
  return foldsOf(evaluableClasses(labels), labels.length);
}

/** Folds of two classes each, every two of them that have at least two pictures. */
export function classPairFolds(labels: ArrayLike<number>): Fold[] {
  const classes = evaluableClasses(labels);
  const pairs = classes.flatMap((one, place) => classes.slice(place + 1).map((other) => [...one, ...other]));
  return foldsOf(pairs, labels.length);
}

/** The rows of each class of at least two: a picture that is alone in its class cannot be found. */
export function evaluableClasses(labels: ArrayLike<number>): number[][] {
  return [...rowsByClass(labels).values()].filter((rows) => rows.length > 1);
}

/**
 * Folds of pictures: every picture is judged once, by a head that has seen others of its class. The pictures of a class are dealt
 * one by one.
 */
export function pictureFolds(labels: ArrayLike<number>, count: number, random: RandomSource): Fold[] {
  const dealt = Array.from({ length: count }, (): number[] => []);
  let next = 0;
  for (const rows of rowsByClass(labels).values()) {
    for (const row of shuffle([...rows], random)) dealt[next++ % count].push(row);
  }
  return foldsOf(dealt, labels.length);
}

function rowsByClass(labels: ArrayLike<number>): Map<number, number[]> {
  const classes = new Map<number, number[]>();
  for (let row = 0; row < labels.length; row++) {
    const own = classes.get(labels[row]);
    if (own === undefined) classes.set(labels[row], [row]);
    else own.push(row);
  }
  return classes;
}

function smallest(dealt: readonly number[][]): number[] {
  return dealt.reduce((least, rows) => (rows.length < least.length ? rows : least));
}

function foldsOf(dealt: readonly number[][], rows: number): Fold[] {
  return dealt
    .filter((queries) => queries.length > 0)
    .map((queries) => {
      const evaluated = new Set(queries);
      return {
        train: Array.from({ length: rows }, (_, row) => row).filter((row) => !evaluated.has(row)),
        queries: [...queries].sort((a, b) => a - b),
      };
    });
}
