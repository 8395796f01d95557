import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ImagesByClass } from '../images-by-class.ts';
import { ClassBatches } from './class-batches.ts';

const take = (source: ClassBatches, count: number) => Array.from({ length: count }, () => source.next());

/** `classCount` classes of `size` images; image `i` is of class `i % classCount`. */
const evenLabels = (classCount: number, size: number) =>
  Array.from({ length: classCount * size }, (_, image) => image % classCount);

/** Classes of a batch, in order, with how many images each has. */
function classesOf(batch: readonly number[], labels: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const image of batch) counts.set(labels[image], (counts.get(labels[image]) ?? 0) + 1);
  return counts;
}

describe('ClassBatches', () => {
  it('gives P classes of K different images, side by side', () => {
    const labels = evenLabels(30, 6);
    const source = ClassBatches.fromSeed(new ImagesByClass(labels), { batch: 21, imagesPerClass: 4 }, 1);
    expect([source.rows, source.imagesPerClass]).toEqual([20, 4]);
    for (const batch of take(source, 50)) {
      expect(new Set(batch).size).toBe(20);
      expect([...classesOf(batch, labels).values()]).toEqual([4, 4, 4, 4, 4]);
      const sides = batch.filter((image, row) => row === 0 || labels[image] !== labels[batch[row - 1]]);
      expect(sides.length).toBe(5);
    }
  });

  it('deals every class once a pass, and never twice in a batch where a pass ends inside it', () => {
    const labels = evenLabels(17, 4);
    const source = ClassBatches.fromSeed(new ImagesByClass(labels), { batch: 20, imagesPerClass: 4 }, 2);
    const dealt = new Array<number>(17).fill(0);
    let different = 0;
    let previous = '';
    for (let batches = 1; batches <= 340; batches++) {
      const classes = [...classesOf(source.next(), labels).keys()];
      expect(classes.length).toBe(5);
      for (const number of classes) dealt[number]++;
      expect(Math.max(...dealt) - Math.min(...dealt)).toBeLessThanOrEqual(batches % 17 === 0 ? 0 : 1);
      different += classes.join() === previous ? 0 : 1;
      previous = classes.join();
    }
    expect(dealt).toEqual(new Array(17).fill(100));
    expect(different).toBeGreaterThan(330);
  });

  it('gives each image of a class the same chance', () => {
    const labels = evenLabels(9, 5);
    const source = ClassBatches.fromSeed(new ImagesByClass(labels), { batch: 4, imagesPerClass: 2 }, 3);
    const counts = new Array<number>(45).fill(0);
    for (const image of take(source, 9000).flat()) counts[image]++;
    // 9000 batches of 2 classes deal each class 2000 times; 2 of its 5 images each: 800 expected, deviation below 22.
    for (const count of counts) expect(Math.abs(count - 800)).toBeLessThan(110);
  });

  it('takes all of few classes, with an even share of the batch', () => {
    const labels = evenLabels(10, 50);
    const source = ClassBatches.fromSeed(new ImagesByClass(labels), { batch: 128, imagesPerClass: 4 }, 1);
    expect([source.rows, source.imagesPerClass, source.everyClass]).toEqual([120, 12, true]);
    const [first, second] = take(source, 2);
    expect([...classesOf(first, labels)]).toEqual(Array.from({ length: 10 }, (_, number) => [number, 12]));
    expect(new Set(first).size).toBe(120);
    expect(first).not.toEqual(second);
  });

  it('deals from the deck where the share of all classes would be one image each', () => {
    const labels = evenLabels(8, 3);
    const source = ClassBatches.fromSeed(new ImagesByClass(labels), { batch: 10, imagesPerClass: 2 }, 1);
    for (const batch of take(source, 20)) expect([...classesOf(batch, labels).values()]).toEqual([2, 2, 2, 2, 2]);
  });

  it('fills a batch with further classes where some are small', () => {
    const labels = [...new Array<number>(20).fill(0), 1, 1, ...Array.from({ length: 40 }, (_, k) => 2 + k)];
    const source = ClassBatches.fromSeed(new ImagesByClass(labels), { batch: 12, imagesPerClass: 4 }, 4);
    expect(source.rows).toBe(12);
    for (const batch of take(source, 100)) {
      expect(batch.length).toBe(12);
      const most = (label: number) => (label === 0 ? 4 : label === 1 ? 2 : 1);
      for (const [label, count] of classesOf(batch, labels)) expect(count).toBeLessThanOrEqual(most(label));
    }
  });

  it('keeps its promises on any data: full batches, different images, no class beyond K, no copies of one image', () => {
    const data = fc.record({
      classes: fc.array(fc.array(fc.nat(3), { minLength: 1, maxLength: 7 }), { maxLength: 14 }),
      options: fc.record({ batch: fc.integer({ min: 4, max: 30 }), imagesPerClass: fc.constant(2) }),
      seed: fc.integer(),
    });
    fc.assert(
      fc.property(data, ({ classes, options, seed }) => {
        const groups = [[0, 1], [0], ...classes];
        const labels = groups.flatMap((group, label) => group.map(() => label));
        const flat = groups.flat();
        const images = new ImagesByClass(labels, (image) => flat[image]);
        const source = ClassBatches.fromSeed(images, options, seed);
        const available = groups.reduce((sum, g) => sum + Math.min(source.imagesPerClass, new Set(g).size), 0);
        const wanted = options.batch - (options.batch % source.imagesPerClass);
        expect(source.rows).toBeLessThanOrEqual(available);
        expect(source.rows).toBeGreaterThanOrEqual(Math.min(available, wanted - groups.length));
        for (const batch of take(source, 8)) {
          expect(batch.length).toBe(source.rows);
          expect(new Set(batch.map((image) => `${labels[image]}/${flat[image]}`)).size).toBe(batch.length);
          for (const count of classesOf(batch, labels).values()) {
            expect(count).toBeLessThanOrEqual(source.imagesPerClass);
          }
        }
      }),
    );
  });

  it('makes the same batches again from the numbers it arrived at, whatever it was asked for', () => {
    const data = fc.record({
      sizes: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 90 }),
      imagesPerClass: fc.integer({ min: 2, max: 6 }),
      classes: fc.integer({ min: 2, max: 20 }),
      seed: fc.integer(),
    });
    fc.assert(
      fc.property(data, ({ sizes, imagesPerClass, classes, seed }) => {
        const labels = [2, 1, ...sizes].flatMap((size, label) => new Array<number>(size).fill(label));
        const images = new ImagesByClass(labels);
        const asked = ClassBatches.fromSeed(images, { batch: classes * imagesPerClass, imagesPerClass }, seed);
        const { rows, everyClass } = asked;
        const again = { batch: rows, imagesPerClass: asked.imagesPerClass, everyClass };
        const exact = ClassBatches.fromSeed(images, again, seed);
        expect([exact.rows, exact.imagesPerClass, exact.everyClass]).toEqual([rows, asked.imagesPerClass, everyClass]);
        expect(take(exact, 5)).toEqual(take(asked, 5));
      }),
    );
  });

  it('gives a large and two small classes all it can', () => {
    const labels = [...new Array<number>(100).fill(0), 1, 1, 2, 2];
    const source = ClassBatches.fromSeed(new ImagesByClass(labels), { batch: 120, imagesPerClass: 4 }, 1);
    expect([source.rows, source.imagesPerClass]).toEqual([44, 40]);
    const small = ClassBatches.fromSeed(new ImagesByClass([0, 0, 0, 1, 1, 1]), { batch: 120, imagesPerClass: 4 }, 1);
    expect([small.rows, small.imagesPerClass]).toEqual([6, 3]);
  });

  it.each([
    ['a deck', evenLabels(23, 5)],
    ['all classes', evenLabels(4, 9)],
  ])('continues exactly from its state, written as JSON, with %s', (_, labels) => {
    const images = new ImagesByClass(labels);
    const options = { batch: 16, imagesPerClass: 4 };
    for (let taken = 0; taken < 12; taken++) {
      const source = ClassBatches.fromSeed(images, options, 9);
      take(source, taken);
      const resumed = ClassBatches.fromState(images, options, JSON.parse(JSON.stringify(source.state)));
      expect(take(resumed, 10)).toEqual(take(source, 10));
    }
  });

  it('refuses batches without room for a triplet, images that make none, and a state of other data', () => {
    const images = new ImagesByClass(evenLabels(6, 4));
    for (const options of [
      { batch: 12, imagesPerClass: 1 },
      { batch: 7, imagesPerClass: 4 },
      { batch: 12, imagesPerClass: 2.5 },
    ]) {
      expect(() => ClassBatches.fromSeed(images, options, 0)).toThrow(
        `class batches: ${options.batch} images with ${options.imagesPerClass} a class`,
      );
    }
    const options = { batch: 4, imagesPerClass: 2 };
    expect(() => ClassBatches.fromSeed(new ImagesByClass([1, 1]), options, 0)).toThrow('in 1 classes');
    const source = ClassBatches.fromSeed(images, options, 0);
    source.next();
    const fewer = new ImagesByClass(evenLabels(5, 4).filter((label) => label < 2));
    expect(() => ClassBatches.fromState(fewer, options, source.state)).toThrow('the data has changed');
  });
});
