import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kernelExtent, spatialAttributes, transposedLengths, windowCounts } from './spatial.ts';

interface Setting {
  readonly length: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly begin: number;
  readonly end: number;
}

const setting: fc.Arbitrary<Setting> = fc.record({
  length: fc.integer({ min: 0, max: 12 }),
  kernel: fc.integer({ min: 1, max: 5 }),
  stride: fc.integer({ min: 1, max: 5 }),
  dilation: fc.integer({ min: 1, max: 3 }),
  begin: fc.integer({ min: 0, max: 4 }),
  end: fc.integer({ min: 0, max: 4 }),
});

function attributesOf({ kernel, stride, dilation, begin, end }: Setting) {
  return spatialAttributes({ kernelShape: [kernel], strides: [stride], dilations: [dilation], pads: [begin, end] }, 1);
}

/** Places windows one by one: as far as they fit, or as long as what hangs over is less than a stride. */
function placedWindows({ length, kernel, stride, dilation, begin, end }: Setting, ceil: boolean): number {
  let count = 0;
  for (let start = 0; ; start += stride) {
    const touched = Array.from({ length: kernel }, (_, tap) => start + tap * dilation);
    const hangsOver = touched[kernel - 1] - (begin + length + end - 1);
    const startsInside = start < begin + length;
    if (ceil ? hangsOver >= stride || !startsInside : hangsOver > 0) return count;
    count++;
  }
}

describe('spatialAttributes', () => {
  it('fills in what is left out', () => {
    expect(spatialAttributes({ kernelShape: [], strides: [], pads: [] }, 2, [3, 5])).toEqual({
      kernelShape: [3, 5],
      strides: [1, 1],
      padsBegin: [0, 0],
      padsEnd: [0, 0],
      dilations: [1, 1],
    });
  });

  it('parts the pads into beginnings and ends', () => {
    const given = { kernelShape: [3, 3], strides: [2, 1], pads: [1, 2, 3, 4], dilations: [1, 2] };
    expect(spatialAttributes(given, 2)).toEqual({
      kernelShape: [3, 3],
      strides: [2, 1],
      padsBegin: [1, 2],
      padsEnd: [3, 4],
      dilations: [1, 2],
    });
  });

  it.each([
    [{ kernelShape: [], strides: [], pads: [] }, 'kernelShape must be 1 whole numbers of at least 1, got []'],
    [{ kernelShape: [1.5], strides: [], pads: [] }, 'kernelShape must be 1 whole numbers of at least 1, got [1.5]'],
    [{ kernelShape: [2], strides: [1, 1], pads: [] }, 'strides must be 1 whole numbers of at least 1, got [1, 1]'],
    [{ kernelShape: [2], strides: [], pads: [-1, 0] }, 'pads must be 2 whole numbers of at least 0, got [-1, 0]'],
  ])('refuses %j', (given, message) => {
    expect(() => spatialAttributes(given, 1)).toThrow(message);
  });
});

describe('windowCounts', () => {
  it.each([false, true])('counts the windows that can be placed, ceilMode %s', (ceil) => {
    fc.assert(
      fc.property(setting, (one) => {
        // A pool's pads are smaller than its kernel; beyond that the rule for the last window means nothing.
        fc.pre(!ceil || (one.begin < one.kernel && one.end < one.kernel));
        const expected = placedWindows(one, ceil);
        if (expected > 0) expect(windowCounts([one.length], attributesOf(one), ceil)).toEqual([expected]);
        else expect(() => windowCounts([one.length], attributesOf(one), ceil)).toThrow('the window does not fit');
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps a name exactly where every length would stay as it is', () => {
    fc.assert(
      fc.property(setting, (one) => {
        const lengths = [20, 21, 22, 23, 24, 25];
        const spatial = attributesOf(one);
        const stays = lengths.every((length) => placedWindows({ ...one, length }, false) === length);
        if (stays) expect(windowCounts(['H'], spatial)).toEqual(['H']);
        else expect(() => windowCounts(['H'], spatial)).toThrow('H is only a name');
      }),
      { numRuns: 300 },
    );
  });

  it('counts along each axis by itself', () => {
    const spatial = spatialAttributes({ kernelShape: [2, 3], strides: [2, 1], pads: [0, 1, 0, 1] }, 2);
    expect(windowCounts([8, 'W'], spatial)).toEqual([4, 'W']);
  });
});

describe('transposedLengths', () => {
  it('has room for every element that the windows touch', () => {
    fc.assert(
      fc.property(setting, fc.nat(4), (one, extra) => {
        fc.pre(one.length > 0 && extra < one.stride);
        let last = 0;
        for (let window = 0; window < one.length; window++) {
          for (let tap = 0; tap < one.kernel; tap++) last = Math.max(last, window * one.stride + tap * one.dilation);
        }
        const expected = last + 1 - one.begin - one.end + extra;
        const spatial = attributesOf(one);
        if (expected < 1) expect(() => transposedLengths([one.length], spatial, [extra])).toThrow('nothing is left');
        else expect(transposedLengths([one.length], spatial, [extra])).toEqual([expected]);
      }),
      { numRuns: 500 },
    );
  });

  it('is undone by counting windows', () => {
    fc.assert(
      fc.property(setting, fc.nat(4), (one, extra) => {
        const spatial = attributesOf(one);
        const long = one.length + 12;
        fc.pre(extra < one.stride);
        expect(windowCounts(transposedLengths([long], spatial, [extra]), spatial)).toEqual([long]);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps a name where stride 1 and the pads allow it', () => {
    const same = spatialAttributes({ kernelShape: [5], strides: [], pads: [2, 2] }, 1);
    expect(transposedLengths(['H'], same, [0])).toEqual(['H']);
    const longer = spatialAttributes({ kernelShape: [5], strides: [2], pads: [2, 2] }, 1);
    expect(() => transposedLengths(['H'], longer, [0])).toThrow('would be (H - 1) * 2 + 1');
  });
});

describe('kernelExtent', () => {
  it('counts the gaps of a dilated kernel', () => {
    const spatial = spatialAttributes({ kernelShape: [3, 1], strides: [], pads: [], dilations: [4, 9] }, 2);
    expect([kernelExtent(spatial, 0), kernelExtent(spatial, 1)]).toEqual([9, 1]);
  });
});
