import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../engines/engine.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { embeddedBy, type HeadFeatures, joinedBy } from '../head/taught-head.ts';
import { Committee, isDue } from './committee.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await OnnxruntimeEngine.create({ threads: 1 });
});
afterAll(() => engine.close());

/** Rows of unit length. */
function part(length: number, count: number, name: string) {
  const random = RandomSource.fromSeed(5, name);
  const rows = new Float32Array(count * length);
  for (let row = 0; row < count; row++) {
    const drawn = Array.from({ length }, () => random.normal());
    rows.set(
      drawn.map((value) => value / Math.hypot(...drawn)),
      row * length,
    );
  }
  return { length, rows };
}
const features: HeadFeatures = [part(6, 40, 'embedding'), part(4, 40, 'colours')];
const triplets = Array.from({ length: 24 }, (_, n) => ({ query: n, positive: (n + 1) % 40, negative: (n + 7) % 40 }));

describe('a committee', () => {
  it('is due for teaching by ten new triplets, or by a tenth of those it knows', () => {
    expect([9, 10].map((now) => isDue(0, now))).toEqual([false, true]);
    expect([110, 399].map((now) => isDue(100, now))).toEqual([true, true]);
    expect([419, 439, 440].map((now) => isDue(400, now))).toEqual([false, false, true]);
  });

  it('begins as three shares of colour, and keeps up with the answers, one teaching at a time', async () => {
    const committee = await Committee.open({ engine, features, seed: 1 });
    const begun = committee.opinions;
    for (const [place, share] of [0, 0.5, 0.9].entries()) {
      const expected = embeddedBy(joinedBy(share, features), features);
      expect(begun[place].dimension).toBe(expected.dimension);
      const differences = begun[place].data.map((value, at) => Math.abs(value - expected.data[at]));
      expect(Math.max(...differences)).toBeLessThan(1e-6);
    }
    await committee.keepUp(triplets.slice(0, 9));
    expect(committee.opinions).toBe(begun);
    const first = committee.keepUp(triplets.slice(0, 12));
    expect(committee.keepUp(triplets)).toBe(first);
    await first;
    expect(committee.opinions).toHaveLength(4);
    const known = committee.opinions;
    await committee.keepUp(triplets.slice(0, 21));
    expect(committee.opinions).toBe(known);
    await committee.keepUp(triplets);
    expect(committee.opinions).not.toBe(known);
    await committee.close();
  });

  it('ends what is being taught when it is closed, and teaches no more', async () => {
    const committee = await Committee.open({ engine, features });
    const begun = committee.opinions;
    const teaching = expect(committee.keepUp(triplets)).rejects.toMatchObject({ code: 'aborted' });
    await committee.close();
    await teaching;
    await committee.keepUp(triplets);
    expect(committee.opinions).toBe(begun);
  });
});
