import { availableParallelism } from 'node:os';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Progress } from '../../foundation/progress/progress.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { decodeImage } from '../decoding/decode-image.ts';
import { contentGroups, nearIdenticalPairs } from './near-identical.ts';
import { thumbnailOf, thumbnailsOf } from './thumbnails.ts';

const bytes = 32 * 32 * 3;

/** Root mean squared difference, in one plain loop. */
function rootMeanSquare(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes; i++) sum += (a[i] - b[i]) ** 2;
  return Math.sqrt(sum / bytes);
}

/** Some noise pictures, and others that are one of them with a change of a random size somewhere. */
function relatedThumbnails(seed: number, count: number): Uint8Array[] {
  const random = RandomSource.fromSeed(seed);
  const made: Uint8Array[] = [];
  for (let place = 0; place < count; place++) {
    const parent = made[random.integer(made.length + 1)];
    const flat = random.integer(256);
    const spread = random.integer(40);
    const from = random.integer(bytes);
    const strength = random.integer(12);
    made.push(
      Uint8Array.from({ length: bytes }, (_, i) => {
        if (parent === undefined) return flat + (random.uniform() - 0.5) * spread;
        return i < from ? parent[i] : Math.min(255, Math.max(0, parent[i] + (random.uniform() - 0.5) * strength));
      }),
    );
  }
  return made;
}

describe('nearIdenticalPairs', () => {
  it('finds exactly the pairs that comparing all with all finds', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.integer({ min: 0, max: 6 }), (seed, tolerance) => {
        const thumbnails = relatedThumbnails(seed, 18);
        const keys = new Set(thumbnails.map((thumbnail) => thumbnail.join()));
        fc.pre(keys.size === thumbnails.length);
        const expected: { a: number; b: number; difference: number }[] = [];
        for (let a = 0; a < thumbnails.length; a++) {
          for (let b = a + 1; b < thumbnails.length; b++) {
            const difference = rootMeanSquare(thumbnails[a], thumbnails[b]);
            if (difference <= tolerance) expected.push({ a, b, difference });
          }
        }
        const found = nearIdenticalPairs(thumbnails, tolerance);
        expect(found.map(({ a, b }) => [a, b])).toEqual(expected.map(({ a, b }) => [a, b]));
        for (const [place, { difference }] of found.entries()) {
          expect(difference).toBeCloseTo(expected[place].difference, 10);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('lets the first of equal thumbnails stand for all of them', () => {
    const blank = () => new Uint8Array(bytes).fill(200);
    const almost = new Uint8Array(bytes).fill(202);
    const found = nearIdenticalPairs([blank(), undefined, blank(), almost, blank(), new Uint8Array(bytes)], 3);
    expect(found).toEqual([
      { a: 0, b: 2, difference: 0 },
      { a: 0, b: 3, difference: 2 },
      { a: 0, b: 4, difference: 0 },
    ]);
    expect([...contentGroups(6, found)]).toEqual([0, 1, 0, 0, 0, 5]);
  });

  it('takes a picture compressed and scaled again for the same, and a shifted one for another', async () => {
    const random = RandomSource.fromSeed(3);
    const centres = Array.from({ length: 12 }, () => [random.uniform(), random.uniform(), random.integer(3)]);
    // Soft blobs of colour: smooth as a photograph is, with edges enough to tell a shift.
    const scene = (shift: number) =>
      Buffer.from(
        Uint8Array.from({ length: 128 * 128 * 3 }, (_, i) => {
          const [x, y, channel] = [((Math.floor(i / 3) % 128) + shift) / 128, Math.floor(i / 384) / 128, i % 3];
          let value = 30;
          for (const [cx, cy, c] of centres) if (c === channel && Math.hypot(x - cx, y - cy) < 0.2) value += 60;
          return Math.min(255, value);
        }),
      );
    const raw = { raw: { width: 128, height: 128, channels: 3 } } as const;
    const png = await sharp(scene(0), raw).png().toBuffer();
    const jpeg = await sharp(scene(0), raw).jpeg({ quality: 75 }).toBuffer();
    const scaled = await sharp(scene(0), raw).resize(90, 100, { fit: 'fill' }).webp({ quality: 80 }).toBuffer();
    const shifted = await sharp(scene(12), raw).png().toBuffer();
    const thumbnails = await Promise.all(
      [png, jpeg, scaled, shifted].map(async (file) => thumbnailOf(await decodeImage(file))),
    );
    const found = nearIdenticalPairs(thumbnails);
    expect(found.map(({ a, b }) => [a, b])).toEqual([
      [0, 1],
      [0, 2],
      [1, 2],
    ]);
  });

  it('refuses thumbnails of another size and a tolerance below nothing', () => {
    expect(() => nearIdenticalPairs([new Uint8Array(12)])).toThrow('thumbnail 0 has 12 bytes, not the 3072 of 32 x 32');
    expect(() => nearIdenticalPairs([], -1)).toThrow(
      'tolerance: a number of at least 0 is expected; this is the number -1',
    );
    expect(() => nearIdenticalPairs([], Number.NaN)).toThrow('this is the number NaN');
  });
});

describe('contentGroups', () => {
  it('joins what a chain of pairs joins, in any order of the pairs', () => {
    const chain = [
      { a: 3, b: 4, difference: 1 },
      { a: 0, b: 4, difference: 1 },
      { a: 5, b: 6, difference: 1 },
      { a: 0, b: 2, difference: 1 },
    ];
    for (const pairs of [chain, [...chain].reverse()]) {
      expect([...contentGroups(7, pairs)]).toEqual([0, 1, 0, 0, 0, 5, 5]);
    }
  });
});

describe('thumbnailsOf', () => {
  it('gives one an image, and none for an image that cannot be read', async () => {
    const pixels = { kind: 'pixels', width: 2, height: 1, channels: 1, data: Uint8Array.of(10, 10) } as const;
    const told: number[] = [];
    const found = await thumbnailsOf([pixels, { kind: 'file', path: '/no/such.png' }], {
      onProgress: ({ done }) => told.push(done),
    });
    expect(found).toEqual([new Uint8Array(bytes).fill(10), undefined]);
    expect(told).toEqual([1, 2]);
  });

  it('stops at what is thrown where it tells how far it is', async () => {
    const pixels = { kind: 'pixels', width: 2, height: 1, channels: 1, data: Uint8Array.of(10, 10) } as const;
    const told: number[] = [];
    const sources = new Array<typeof pixels>(1000).fill(pixels);
    const onProgress = ({ done, total }: Progress) => {
      told.push(done);
      throw new Error(`stopped at ${done} of ${total}`);
    };
    const stopped = thumbnailsOf(sources, { onProgress });
    await expect(stopped).rejects.toThrow('stopped at 1 of 1000');
    // Those that were under way.
    expect(told.length).toBeLessThanOrEqual(availableParallelism());
  });
});
