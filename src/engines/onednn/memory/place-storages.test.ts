import fc from 'fast-check';
import { expect, it } from 'vitest';
import { placeStorages } from './place-storages.ts';
import { type Lifetime, lifetimes, type Storage } from './storage.ts';

const storage = (bytes: number): Storage => ({ place: 'arena', bytes, sharers: 1 });

const lives = fc.array(
  fc
    .tuple(fc.integer({ min: 1, max: 5000 }), fc.nat(20), fc.nat(8))
    .map(([bytes, first, length]): Lifetime => ({ storage: storage(bytes), first, last: first + length })),
  { maxLength: 40 },
);

it('lets no two that live at the same time overlap, and aligns all', () => {
  fc.assert(
    fc.property(lives, (all) => {
      const { offsets, bytes } = placeStorages(all);
      const spans = all.map((life) => ({
        ...life,
        from: offsets.get(life.storage)!,
        to: offsets.get(life.storage)! + life.storage.bytes,
      }));
      for (const [index, a] of spans.entries()) {
        expect(a.from % 64).toBe(0);
        expect(a.to).toBeLessThanOrEqual(bytes);
        for (const b of spans.slice(0, index)) {
          const together = a.first <= b.last && b.first <= a.last;
          if (together) expect(a.from >= b.to || b.from >= a.to).toBe(true);
        }
      }
    }),
  );
});

it('uses memory again that is free', () => {
  const [a, b, c] = [storage(640), storage(640), storage(64)];
  const { bytes } = placeStorages(lifetimes([[a], [a, b], [b, c], [c]]));
  expect(bytes).toBe(1280);
});

it('counts a life from the first touch to the last', () => {
  const [a, b] = [storage(1), storage(1)];
  expect(lifetimes([[a], [b], [b, a], [b]])).toEqual([
    { storage: a, first: 0, last: 2 },
    { storage: b, first: 1, last: 3 },
  ]);
});
