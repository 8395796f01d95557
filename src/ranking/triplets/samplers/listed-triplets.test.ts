import { describe, expect, it } from 'vitest';
import { TripletList } from '../triplet-list.ts';
import { ListedTriplets } from './listed-triplets.ts';

const all = Array.from({ length: 7 }, (_, k) => ({ query: k, positive: k + 10, negative: k + 20 }));
const list = TripletList.from(all);

describe('ListedTriplets', () => {
  it('gives each triplet once an epoch, in another order each time', () => {
    const source = ListedTriplets.fromSeed(list, 5);
    expect(source.epochLength).toBe(7);
    const [first, second] = [0, 1].map(() => all.map(() => source.next()));
    expect([...first].sort((a, b) => a.query - b.query)).toEqual(all);
    expect([...second].sort((a, b) => a.query - b.query)).toEqual(all);
    expect(first).not.toEqual(second);
  });

  it('continues exactly from its state, at every place of two epochs', () => {
    for (let taken = 0; taken <= 14; taken++) {
      const source = ListedTriplets.fromSeed(list, 5);
      for (let k = 0; k < taken; k++) source.next();
      const resumed = ListedTriplets.fromState(list, JSON.parse(JSON.stringify(source.state)));
      for (let k = 0; k < 15; k++) expect(resumed.next()).toEqual(source.next());
    }
  });

  it('refuses an empty list and a state of a longer one', () => {
    expect(() => ListedTriplets.fromSeed(new TripletList(), 0)).toThrow('the list is empty');
    const source = ListedTriplets.fromSeed(list, 5);
    for (let k = 0; k < 6; k++) source.next();
    expect(() => ListedTriplets.fromState(TripletList.from(all.slice(0, 3)), source.state)).toThrow(
      'stands at place 6 of an epoch',
    );
  });
});
