import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ImagesByClass } from '../images-by-class.ts';
import type { TripletSource } from '../triplet-source.ts';
import { OnlineTriplets } from './online-triplets.ts';

const labels = [0, 0, 0, 1, 1, 2, 3, 3, 3, 3];
/** Images 6 and 7 are copies; image 5 is alone. */
const images = new ImagesByClass(labels, (image) => (image === 7 ? 6 : image));
const take = (source: TripletSource, count: number) => Array.from({ length: count }, () => source.next());

describe('OnlineTriplets', () => {
  it('makes every image with a positive a query once an epoch, in another order each time', () => {
    const source = OnlineTriplets.fromSeed(images, 1);
    expect(source.epochLength).toBe(9);
    const epochs = [0, 1, 2].map(() => take(source, 9).map(({ query }) => query));
    for (const epoch of epochs) expect([...epoch].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 6, 7, 8, 9]);
    expect(epochs[0]).not.toEqual(epochs[1]);
    expect(epochs[1]).not.toEqual(epochs[2]);
  });

  it('draws every allowed positive and negative equally often, and no other', () => {
    const source = OnlineTriplets.fromSeed(images, 2);
    const seen = new Map<string, number>();
    const epochs = 4000;
    for (const { query, positive, negative } of take(source, 9 * epochs)) {
      for (const pair of [`${query}+${positive}`, `${query}-${negative}`]) seen.set(pair, (seen.get(pair) ?? 0) + 1);
    }
    for (const query of images.queries) {
      for (const sign of ['+', '-']) {
        const allowed = labels
          .map((_, other) => other)
          .filter((other) =>
            sign === '+'
              ? labels[other] === labels[query] && !images.identical(query, other)
              : labels[other] !== labels[query],
          );
        expect([...seen.keys()].filter((pair) => pair.startsWith(`${query}${sign}`)).length).toBe(allowed.length);
        const expected = epochs / allowed.length;
        for (const other of allowed) {
          expect(Math.abs(seen.get(`${query}${sign}${other}`)! - expected)).toBeLessThan(6 * Math.sqrt(expected));
        }
      }
    }
  });

  it('continues exactly from its state, written as JSON, wherever it stands', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(40), (seed, taken) => {
        const source = OnlineTriplets.fromSeed(images, seed);
        take(source, taken);
        const state = JSON.parse(JSON.stringify(source.state));
        expect(take(OnlineTriplets.fromState(images, state), 30)).toEqual(take(source, 30));
      }),
    );
  });

  it('has a state of a few numbers, however many images there are', () => {
    const many = new ImagesByClass(Array.from({ length: 10_000 }, (_, image) => image % 100));
    const source = OnlineTriplets.fromSeed(many, 1);
    take(source, 15_000);
    expect(source.state).toMatchObject({ epoch: 1, position: 5000 });
    expect(JSON.stringify(source.state).length).toBeLessThan(200);
  });

  it('refuses images of one class, and a state that does not fit the data', () => {
    expect(() => OnlineTriplets.fromSeed(new ImagesByClass([1, 1]), 0)).toThrow(
      'online triplets: 2 images in 1 classes',
    );
    const source = OnlineTriplets.fromSeed(images, 1);
    take(source, 9);
    expect(() => OnlineTriplets.fromState(new ImagesByClass([0, 0, 1]), source.state)).toThrow(
      'the saved order stands at place 9 of an epoch, which has 2: the data has changed',
    );
  });
});
