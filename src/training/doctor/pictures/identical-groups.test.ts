import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { imagesThatLook } from '../../../../test/fixtures/examined-images.ts';
import { findContradictoryLabels } from './contradictory-labels.ts';
import { findDuplicatedPositives } from './duplicated-positives.ts';
import { identicalGroups } from './identical-groups.ts';

describe('identicalGroups', () => {
  it('groups what has one digest, as comparing all pairs does', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('x', 'y', 'z', undefined), { maxLength: 12 }), (looks) => {
        const digests = new Map(looks.flatMap((look, image) => (look === undefined ? [] : [[image, look] as const])));
        const images = looks.map((_, image) => image);
        const groups = identicalGroups(images, digests);
        const together = (a: number, b: number) => groups.some((group) => group.includes(a) && group.includes(b));
        for (const a of images) {
          for (const b of images.slice(a + 1))
            expect(together(a, b)).toBe(looks[a] !== undefined && looks[a] === looks[b]);
        }
      }),
    );
  });
});

describe('findDuplicatedPositives', () => {
  it('counts copies within a class, the largest group first', () => {
    const images = imagesThatLook('x x y z z z w ? ?', 'a a a b b b b a a');
    const found = findDuplicatedPositives(images);
    expect(found?.seen).toBe('3 of 9 pictures trained on (33%) are copies of another one of their class, in 2 groups.');
    expect(found?.numbers).toEqual({ groups: 2, copies: 3, images: 9, share: 3 / 9 });
    expect(found?.images).toEqual([
      { ids: ['3.png', '4.png', '5.png'], note: '3 times the same picture in b' },
      { ids: ['0.png', '1.png'], note: '2 times the same picture in a' },
    ]);
  });

  it('gives no alarm at copies in two classes, of no class, or that are not trained on', () => {
    expect(findDuplicatedPositives(imagesThatLook('x x y', 'a b b'))).toBeUndefined();
    expect(findDuplicatedPositives(imagesThatLook('x x y', '- - b'))).toBeUndefined();
    expect(findDuplicatedPositives(imagesThatLook('x x y', 'a a b', [1]))).toBeUndefined();
  });
});

describe('findContradictoryLabels', () => {
  it('lists pictures that are in more than one class, held-out ones, too', () => {
    const found = findContradictoryLabels(imagesThatLook('x x y y z x', 'a b c c d a', [5]));
    expect(found?.seen).toBe('3 pictures in 1 group look exactly the same and are in different classes.');
    expect(found?.images).toEqual([{ ids: ['0.png', '1.png', '5.png'], note: 'in a, b' }]);
  });

  it('gives no alarm at copies in one class or of none', () => {
    expect(findContradictoryLabels(imagesThatLook('x x y y', 'a a - c'))).toBeUndefined();
  });
});
