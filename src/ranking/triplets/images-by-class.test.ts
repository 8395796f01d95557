import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ImagesByClass } from './images-by-class.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, k) => k);

/** Labels and duplicate groups of up to 30 images. */
const labelled = fc
  .array(fc.record({ label: fc.integer({ min: -2, max: 5 }), group: fc.integer({ min: 0, max: 8 }) }), {
    maxLength: 30,
  })
  .map((images) => ({ labels: images.map(({ label }) => label), groups: images.map(({ group }) => group) }));

describe('ImagesByClass', () => {
  it('counts and lists the positives and negatives that a search of all images finds', () => {
    fc.assert(
      fc.property(labelled, ({ labels, groups }) => {
        const images = new ImagesByClass(labels, (image) => groups[image]);
        for (const image of upTo(labels.length)) {
          const others = upTo(labels.length);
          const positives = others.filter((o) => labels[o] === labels[image] && groups[o] !== groups[image]);
          const negatives = others.filter((o) => labels[o] !== labels[image]);
          const found = upTo(images.positiveCount(image)).map((k) => images.positive(image, k));
          expect(found.sort((a, b) => a - b)).toEqual(positives);
          const opposite = upTo(images.negativeCount(image)).map((k) => images.negative(image, k));
          expect(opposite.sort((a, b) => a - b)).toEqual(negatives);
          expect(images.queries.includes(image)).toBe(positives.length > 0 && negatives.length > 0);
          for (const other of others) {
            const same = labels[other] === labels[image] && groups[other] === groups[image];
            expect(images.identical(image, other)).toBe(same);
          }
        }
      }),
    );
  });

  it('deals every image to exactly one class, in ascending order of the labels', () => {
    fc.assert(
      fc.property(labelled, ({ labels }) => {
        const images = new ImagesByClass(labels);
        const different = [...new Set(labels)].sort((a, b) => a - b);
        expect(images.classCount).toBe(different.length);
        expect(images.imageCount).toBe(labels.length);
        for (const [number, label] of different.entries()) {
          expect([...images.imagesOf(number)]).toEqual(upTo(labels.length).filter((i) => labels[i] === label));
        }
      }),
    );
  });

  it('counts classes that hold one image, or copies of one', () => {
    const images = new ImagesByClass([7, 7, 8, 9, 9, 9], (image) => [0, 0, 1, 2, 2, 3][image]);
    expect(images.classesOfOneImage).toBe(2);
    expect([...images.queries]).toEqual([3, 4, 5]);
  });

  it('says what is missing where no triplet can be made', () => {
    expect(() => new ImagesByClass([3, 3, 3]).requireTriplets('test')).toThrow(
      'test: 3 images in 1 classes: triplets need at least two classes',
    );
    expect(() => new ImagesByClass([1, 2, 3]).requireTriplets('test')).toThrow('no class has two different images');
    expect(() => new ImagesByClass([]).requireTriplets('test')).toThrow('0 images in 0 classes');
    expect(() => new ImagesByClass([1, 1, 2]).requireTriplets('test')).not.toThrow();
  });

  it('refuses a label that is no whole number', () => {
    expect(() => new ImagesByClass([1, Number.NaN])).toThrow('the class of image 1 is NaN');
  });
});
