import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TripletList } from './triplet-list.ts';

const index = fc.nat(0xffffffff);

describe('TripletList', () => {
  it('gives back what was put in, in order', () => {
    const triplets = fc.array(fc.record({ query: index, positive: index, negative: index }));
    fc.assert(
      fc.property(triplets, (list) => {
        const packed = TripletList.from(list);
        expect(packed.length).toBe(list.length);
        expect([...packed]).toEqual(list);
        for (const [place, triplet] of list.entries()) expect(packed.at(place)).toEqual(triplet);
      }),
    );
  });

  it('grows without losing anything', () => {
    const list = new TripletList();
    for (let k = 0; k < 5000; k++) list.push({ query: k, positive: k + 1, negative: k + 2 });
    for (let k = 0; k < 5000; k++) expect(list.at(k)).toEqual({ query: k, positive: k + 1, negative: k + 2 });
  });

  it('refuses a place that is not there', () => {
    expect(() => TripletList.from([{ query: 1, positive: 2, negative: 3 }]).at(1)).toThrow('no triplet at place 1');
    expect(() => new TripletList().at(-1)).toThrow('no triplet at place -1');
  });
});
