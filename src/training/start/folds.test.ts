import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { classFolds, classPairFolds, type Fold, pictureFolds, singleClassFolds } from './folds.ts';

const labelsOf = fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 6, maxLength: 60 });

/** Every row is a query once, and no query of a fold is trained on there. */
function expectPartition(folds: readonly Fold[], rows: number): void {
  const queries = folds.flatMap((fold) => [...fold.queries]);
  expect([...queries].sort((a, b) => a - b)).toEqual(Array.from({ length: rows }, (_, row) => row));
  for (const { train, queries: own } of folds) {
    expect(train.length + own.length).toBe(rows);
    expect(train.filter((row) => own.includes(row))).toEqual([]);
  }
}

describe('classFolds', () => {
  it('judges every picture once, and trains on no picture of a class that is evaluated', () => {
    fc.assert(
      fc.property(labelsOf, fc.integer({ min: 2, max: 4 }), fc.nat(), (labels, count, seed) => {
        const folds = classFolds(labels, count, RandomSource.fromSeed(seed));
        expectPartition(folds, labels.length);
        for (const { train, queries } of folds) {
          const evaluated = new Set(queries.map((row) => labels[row]));
          expect(train.filter((row) => evaluated.has(labels[row]))).toEqual([]);
        }
      }),
    );
  });

  it('deals classes evenly: no fold has more than another by more than the largest class', () => {
    fc.assert(
      fc.property(labelsOf, fc.nat(), (labels, seed) => {
        const sizes = classFolds(labels, 3, RandomSource.fromSeed(seed)).map(({ queries }) => queries.length);
        const largest = Math.max(...labels.map((label) => labels.filter((other) => other === label).length));
        if (sizes.length === 3) expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(largest);
      }),
    );
  });
});

describe('folds of few classes', () => {
  const labels = [0, 1, 0, 2, 1, 0, 3, 2];

  it('leave out one class after the other, or every two of them, but none of one picture', () => {
    const queries = (folds: readonly Fold[]) => folds.map((fold) => fold.queries);
    expect(queries(singleClassFolds(labels))).toEqual([
      [0, 2, 5],
      [1, 4],
      [3, 7],
    ]);
    expect(queries(classPairFolds(labels))).toEqual([
      [0, 1, 2, 4, 5],
      [0, 2, 3, 5, 7],
      [1, 3, 4, 7],
    ]);
  });

  it('train on all other pictures', () => {
    for (const { train, queries } of [...singleClassFolds(labels), ...classPairFolds(labels)]) {
      expect([...train, ...queries].sort((a, b) => a - b)).toEqual(labels.map((_, row) => row));
    }
  });
});

describe('pictureFolds', () => {
  it('judges every picture once, and has others of its class to learn from where there are enough', () => {
    fc.assert(
      fc.property(labelsOf, fc.nat(), (labels, seed) => {
        const folds = pictureFolds(labels, 3, RandomSource.fromSeed(seed));
        expectPartition(folds, labels.length);
        for (const { train, queries } of folds) {
          for (const query of queries) {
            const others = labels.filter((label) => label === labels[query]).length - 1;
            const learnt = train.filter((row) => labels[row] === labels[query]).length;
            if (others >= 2) expect(learnt).toBeGreaterThan(0);
          }
        }
      }),
    );
  });
});
