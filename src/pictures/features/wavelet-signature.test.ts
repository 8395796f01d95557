import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { waveletSignature } from './wavelet-signature.ts';

const picture = (colourAt: (x: number, y: number) => readonly [number, number, number]) => ({
  width: 128,
  height: 128,
  data: Uint8Array.from({ length: 128 * 128 * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return colourAt(pixel % 128, Math.floor(pixel / 128))[i % 3];
  }),
});

describe('waveletSignature', () => {
  it('has one wavelet for a picture that is one wavelet', () => {
    // White left of the middle, black right of it: the coarsest horizontal wavelet, [0, 1], positive.
    const { means, places } = waveletSignature(picture((x) => (x < 64 ? [255, 255, 255] : [0, 0, 0])));
    expect(places.map((own) => [...own])).toEqual([[1], [], []]);
    expect(means[0]).toBeCloseTo(0.5, 12);
    expect(means[1]).toBeCloseTo(0, 12);
    expect(means[2]).toBeCloseTo(0, 12);
  });

  it('writes rows before columns and negates the places of negative coefficients', () => {
    // Dark above, bright below: [1, 0], negative. On it, in the bottom half only, a brighter left half: [1, 1] and [0, 1].
    const grey = (value: number) => [value, value, value] as const;
    const { places } = waveletSignature(picture((x, y) => grey(y < 64 ? 0 : x < 64 ? 200 : 100)));
    expect([...places[0]]).toEqual([-129, -128, 1]);
  });

  it('takes colour apart as YIQ does', () => {
    const { means, places } = waveletSignature(picture(() => [255, 0, 51]));
    expect(places.map(({ length }) => length)).toEqual([0, 0, 0]);
    expect(means[0]).toBeCloseTo(0.299 + 0.2 * 0.114, 12);
    expect(means[1]).toBeCloseTo(0.596 - 0.2 * 0.321, 12);
    expect(means[2]).toBeCloseTo(0.212 + 0.2 * 0.311, 12);
  });

  it('keeps the largest coefficients, as sorting all of them does', () => {
    const random = RandomSource.fromSeed(3, 'signature test');
    const noise = picture(() => [random.integer(256), random.integer(256), random.integer(256)]);
    const few = waveletSignature(noise, 40);
    // With all of them a place more is a smaller coefficient: 41 hold the 40, 200 hold the 41.
    const more = waveletSignature(noise, 41);
    const many = waveletSignature(noise, 200);
    for (const channel of [0, 1, 2]) {
      expect([few, more, many].map(({ places }) => places[channel].length)).toEqual([40, 41, 200]);
      expect([...few.places[channel]].every((place) => more.places[channel].includes(place))).toBe(true);
      expect([...more.places[channel]].every((place) => many.places[channel].includes(place))).toBe(true);
      expect([...few.places[channel]]).toEqual([...few.places[channel]].sort((a, b) => a - b));
      const energy = energyOf(noise, channel);
      const sorted = [...energy.keys()].slice(1).sort((a, b) => energy[b] - energy[a] || a - b);
      expect([...few.places[channel]].map(Math.abs).sort((a, b) => a - b)).toEqual(
        sorted.slice(0, 40).sort((a, b) => a - b),
      );
    }
  });

  it('refuses other sizes and counts', () => {
    expect(() => waveletSignature({ width: 64, height: 64, data: new Uint8Array(64 * 64 * 3) })).toThrow('got 64 x 64');
    const black = picture(() => [0, 0, 0]);
    for (const count of [0, 1.5, 16384]) expect(() => waveletSignature(black, count)).toThrow(`got ${count}`);
  });
});

/** Magnitudes of all coefficients of a channel, by sums over the supports of the wavelets in one direction after the other. */
function energyOf({ data }: { readonly data: Uint8Array }, channel: number): number[] {
  const weights = [
    [0.299, 0.587, 0.114],
    [0.596, -0.275, -0.321],
    [0.212, -0.523, 0.311],
  ][channel];
  const at = (y: number, x: number) =>
    weights.reduce((sum, weight, c) => sum + (weight * data[3 * (128 * y + x) + c]) / 255, 0);
  const project = (line: (x: number) => number) =>
    Array.from({ length: 128 }, (_, k) => {
      const level = k === 0 ? 0 : 2 ** Math.floor(Math.log2(k));
      const support = k === 0 ? 128 : 128 / level;
      const start = k === 0 ? 0 : (k - level) * support;
      let sum = 0;
      for (let x = start; x < start + support; x++) sum += (k > 0 && x >= start + support / 2 ? -1 : 1) * line(x);
      return sum / Math.sqrt(support * 128);
    });
  const rows = Array.from({ length: 128 }, (_, y) => project((x) => at(y, x)));
  const columns = Array.from({ length: 128 }, (_, k) => project((y) => rows[y][k]));
  return Array.from({ length: 128 * 128 }, (_, place) => Math.abs(columns[place % 128][Math.floor(place / 128)]));
}
