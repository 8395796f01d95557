import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evenClasses } from '../../../test/fixtures/pixel-dataset.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { chooseHeldOut } from './held-out.ts';

const seeded = (seed: number) => RandomSource.fromSeed(seed, 'held out');
const allDifferent = (labels: readonly number[]) => new Map(labels.map((_, place) => [place, `looks ${place}`]));

function choose(
  labels: readonly number[],
  share: number,
  by: 'class' | 'image',
  seed = 1,
  looks = allDifferent(labels),
) {
  const places = labels.map((_, place) => place);
  return chooseHeldOut(places, labels, looks, { share, by }, seeded(seed));
}

function counts(labels: readonly number[], places: Iterable<number>): Map<number, number> {
  const found = new Map<number, number>();
  for (const place of places) found.set(labels[place], (found.get(labels[place]) ?? 0) + 1);
  return found;
}

describe('chooseHeldOut', () => {
  it('holds whole classes out, as many as the share says', () => {
    const labels = evenClasses(40, 5);
    const held = counts(labels, choose(labels, 0.1, 'class'));
    expect([...held.values()]).toEqual([5, 5, 5, 5]);
    expect(choose(labels, 0.1, 'class')).toEqual(choose(labels, 0.1, 'class'));
    expect(choose(labels, 0.1, 'class', 2)).not.toEqual(choose(labels, 0.1, 'class', 1));
  });

  it.each([
    [10, 6, 0.1, [2, 2, 2]],
    [3, 40, 0.1, [4, 4, 4]],
    [10, 100, 0.1, new Array(10).fill(10)],
    [4, 10, 0.5, [5, 5, 5, 5]],
    [2, 4, 0.5, [2, 2]],
  ])('of %d classes of %d images holds a share of %f in twos and more', (classes, each, share, expected) => {
    const labels = evenClasses(classes, each);
    const held = choose(labels, share, 'image');
    expect(new Set(held).size).toBe(held.length);
    expect([...counts(labels, held).values()].sort()).toEqual(expected);
    expect(choose(labels, share, 'image', 1)).toEqual(held);
    expect(choose(labels, share, 'image', 2)).not.toEqual(held);
  });

  it('holds nothing out where nobody wants it, or where nothing could be judged', () => {
    expect(choose(evenClasses(30, 5), 0, 'class')).toEqual([]);
    // One in ten of 12 images is one, which has no neighbour to find.
    expect(choose(evenClasses(4, 3), 0.1, 'image')).toEqual([]);
    // Classes of three would have one left to learn from.
    expect(choose(evenClasses(10, 3), 0.3, 'image')).toEqual([]);
    expect(choose(evenClasses(30, 1), 0.5, 'class')).toEqual([]);
    expect(choose([...evenClasses(20, 1), 0, 1, 2], 0.5, 'class')).toEqual([]);
  });

  it('leaves classes of one look, and pictures with a twin, to training', () => {
    const labels = evenClasses(30, 2);
    const looks = allDifferent(labels);
    for (let label = 10; label < 30; label++) looks.set(2 * label + 1, looks.get(2 * label)!);
    const held = counts(labels, choose(labels, 0.5, 'class', 1, looks));
    expect([...held.keys()].every((label) => label < 10)).toBe(true);
    expect(held.size).toBe(5);

    const few = evenClasses(3, 8);
    const twins = allDifferent(few);
    for (const place of [0, 8, 16]) twins.set(place + 1, twins.get(place)!);
    for (let seed = 0; seed < 20; seed++) {
      const chosen = choose(few, 0.5, 'image', seed, twins);
      expect([...counts(few, chosen).values()]).toEqual([4, 4, 4]);
      for (const place of [0, 8, 16]) expect(chosen).not.toContain(place);
    }
  });

  it('always leaves something to learn from, and something to judge in what it takes', () => {
    const data = fc.record({
      labels: fc.array(fc.nat(12), { maxLength: 80 }),
      looks: fc.array(fc.nat(40), { minLength: 80, maxLength: 80 }),
      share: fc.double({ min: 0, max: 0.9, noNaN: true }),
      by: fc.constantFrom('class' as const, 'image' as const),
      seed: fc.integer(),
    });
    fc.assert(
      fc.property(data, ({ labels, looks, share, by, seed }) => {
        const named = new Map(labels.map((_, place) => [place, `${looks[place]}`]));
        const held = choose(labels, share, by, seed, named);
        const kept = labels.map((_, place) => place).filter((place) => !held.includes(place));
        const [heldCounts, keptCounts] = [counts(labels, held), counts(labels, kept)];
        if (held.length > 0) expect(heldCounts.size).toBeGreaterThanOrEqual(2);
        for (const [label, count] of heldCounts) {
          expect(count).toBeGreaterThanOrEqual(2);
          if (by === 'image') expect(keptCounts.get(label)).toBeGreaterThanOrEqual(2);
          else expect(keptCounts.has(label)).toBe(false);
        }
        if (by === 'image')
          for (const place of held) {
            expect(kept.every((other) => named.get(other) !== named.get(place))).toBe(true);
          }
        if (by === 'class' && held.length > 0) {
          const trainable = [...keptCounts.keys()].filter(
            (label) =>
              new Set(kept.filter((place) => labels[place] === label).map((place) => named.get(place))).size > 1,
          );
          expect(trainable.length).toBeGreaterThanOrEqual(2);
        }
      }),
    );
  });
});
