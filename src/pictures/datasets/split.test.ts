import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ImageDataset } from './dataset.ts';
import { selectClasses } from './select-classes.ts';
import { splitByClassHash } from './split.ts';

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
