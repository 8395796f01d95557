import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placesOf } from '../../../test/support/places-of.ts';
import { categoriesOf } from './categories.ts';
import { labelRelevance } from './label-relevance.ts';
import type { RelevanceImages } from './relevance-images.ts';

/** Images of these classes, in reverse places, so that numbers and places differ. */
function imagesOf(names: readonly string[], twins?: readonly number[]): RelevanceImages {
  const classes = [...new Set(names)];
  const source = { kind: 'file', path: 'none' } as const;
  const records = names.map((name, place) => ({ id: `${place}`, source, label: classes.indexOf(name) })).reverse();
  return {
    dataset: { root: 'memory', layout: 'class-folders', images: records, classes },
    places: placesOf(names.map((_, image) => names.length - 1 - image)),
    twins: twins ?? names.map((_, image) => image),
  };
}

describe('labelRelevance', () => {
  it('divides relevance by each level that two classes do not share', () => {
    const names = ['a/x/1', 'a/x/1', 'a/x/2', 'a/y/1', 'b/x/1', 'a/x'];
    const images = imagesOf(names);
    const { between } = labelRelevance(images, categoriesOf(images, 1), 0.1);
    expect(between(0, 1)).toBe(1);
    expect(between(0, 2)).toBeCloseTo(0.1, 12);
    expect(between(0, 3)).toBeCloseTo(0.01, 12);
    expect(between(3, 0)).toBe(between(0, 3));
    // A class without the last level.
    expect(between(0, 5)).toBeCloseTo(0.1, 12);
  });

  it('has totals that are the sums over the other images of the category, at any depth', () => {
    const part = fc.constantFrom('a', 'b', 'c');
    const image = fc.record({ path: fc.array(part, { minLength: 1, maxLength: 4 }), twin: fc.nat(12) });
    fc.assert(
      fc.property(fc.array(image, { minLength: 1, maxLength: 25 }), fc.integer({ min: 1, max: 3 }), (list, levels) => {
        const images = imagesOf(
          list.map(({ path }) => path.join('/')),
          list.map(({ twin }) => twin),
        );
        const categories = categoriesOf(images, levels);
        const { totals, between, estimatedTotals } = labelRelevance(images, categories, 0.3);
        expect(estimatedTotals).toBe(0);
        for (const [i, a] of list.entries()) {
          let sum = 0;
          for (const [j, b] of list.entries()) {
            if (a.path.slice(0, levels).join('/') !== b.path.slice(0, levels).join('/') || a.twin === b.twin) continue;
            let shared = 0;
            for (const [level, name] of a.path.entries()) if (shared === level && b.path[level] === name) shared++;
            const r = 0.3 ** (Math.max(a.path.length, b.path.length) - shared);
            expect(between(i, j)).toBeCloseTo(r, 12);
            expect(categories[i]).toBe(categories[j]);
            sum += r;
          }
          expect(totals[i]).toBeCloseTo(sum, 9);
        }
      }),
    );
  });

  it('takes as many leading parts for the category as it is told', () => {
    const images = imagesOf(['a/x/1', 'a/x/2', 'a/y', 'b', 'a/x/1']);
    expect([...categoriesOf(images, 1)]).toEqual([0, 0, 0, 1, 0]);
    expect([...categoriesOf(images, 2)]).toEqual([0, 0, 1, 2, 0]);
    expect([...categoriesOf(images, 9)]).toEqual([0, 1, 2, 3, 0]);
  });

  it('refuses a decay out of bounds and images of no class', () => {
    const images = imagesOf(['a', 'b']);
    for (const decay of [0, 1.1, Number.NaN]) {
      expect(() => labelRelevance(images, categoriesOf(images, 1), decay)).toThrow(`the decay is ${decay}`);
    }
    const bare = { ...images.dataset, images: images.dataset.images.map((image) => ({ ...image, label: undefined })) };
    expect(() => categoriesOf({ ...images, dataset: bare }, 1)).toThrow("the image '0' has no class");
  });
});
