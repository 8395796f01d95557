import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomSource } from '../random/random-source.ts';
import type { ImageDataset } from './dataset.ts';
import { selectClasses } from './select-classes.ts';
import { holdOut, splitByClassHash } from './split.ts';

function dataset(classCount: number, imagesPerClass: number): ImageDataset {
  const classes = Array.from({ length: classCount }, (_, i) => `class ${i}`);
  const images = classes.flatMap((name, label) =>
    Array.from({ length: imagesPerClass }, (_, i) => ({
      id: `${name}/${i}`,
      source: { kind: 'file', path: `/${name}/${i}` } as const,
      label,
    })),
  );
  const unlabelled = { id: 'loose', source: { kind: 'file', path: '/loose' } as const, label: undefined };
  return { root: '/', layout: 'class-folders', images: [...images, unlabelled], classes };
}

/** What every image is called and what class it is said to be of must agree. */
function expectConsistent({ images, classes }: ImageDataset): void {
  for (const { id, label } of images) expect(id.startsWith(`${classes[label!]}/`)).toBe(true);
}

describe('splitByClassHash', () => {
  it('sorts by the SHA-1 of the name, the first half, rounded down, to learn from', () => {
    // sha1sum: c 84a5…, a 86f7…, é bf15…, ab da23…, b e9d7…
    const names = ['a', 'b', 'c', 'ab', 'é'];
    expect(splitByClassHash(names)).toEqual({ train: ['c', 'a'], test: ['é', 'ab', 'b'] });
  });

  it('does not depend on the order of the classes', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string()), (names) => {
        expect(splitByClassHash([...names].reverse())).toEqual(splitByClassHash(names));
        const { train, test } = splitByClassHash(names);
        expect(train.length).toBe(Math.floor(names.length / 2));
        expect([...train, ...test].sort()).toEqual([...names].sort());
      }),
    );
  });
});

describe('holdOut', () => {
  it('holds a share of the classes out, whole, at least one and never all', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 20 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        fc.nat(),
        (count, share, seed) => {
          const whole = dataset(count, 3);
          const { kept, heldOut } = holdOut(whole, share, RandomSource.fromSeed(seed));
          expect(heldOut.classes.length).toBe(Math.min(count - 1, Math.max(1, Math.round(share * count))));
          expect([...kept.classes, ...heldOut.classes].sort()).toEqual([...whole.classes].sort());
          expect(kept.images.length).toBe(3 * kept.classes.length);
          expect(heldOut.images.length).toBe(3 * heldOut.classes.length);
          expectConsistent(kept);
          expectConsistent(heldOut);
        },
      ),
    );
  });

  it('is decided by the seed', () => {
    const held = (seed: number) => holdOut(dataset(30, 1), 0.3, RandomSource.fromSeed(seed)).heldOut.classes;
    expect(held(1)).toEqual(held(1));
    expect(held(1)).not.toEqual(held(2));
  });

  it.each([0, 1, -0.5, Number.NaN])('refuses a share of %d', (share) => {
    expect(() => holdOut(dataset(4, 1), share, RandomSource.fromSeed(0))).toThrow('between 0 and 1');
  });

  it('refuses a dataset of one class', () => {
    expect(() => holdOut(dataset(1, 5), 0.5, RandomSource.fromSeed(0))).toThrow('it has 1, and at least 2 are needed');
  });
});

describe('selectClasses', () => {
  it('numbers labels by the list that is given', () => {
    const chosen = selectClasses(dataset(4, 2), ['class 3', 'class 1']);
    expect(chosen.images.map(({ id, label }) => [id, label])).toEqual([
      ['class 1/0', 1],
      ['class 1/1', 1],
      ['class 3/0', 0],
      ['class 3/1', 0],
    ]);
  });

  it('refuses a class that is not there', () => {
    expect(() => selectClasses(dataset(2, 1), ['class 7'])).toThrow(`has no class 'class 7'`);
  });
});
