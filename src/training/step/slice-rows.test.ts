import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { int64Vector, tensor } from '../../graph/tensor/tensor.ts';
import { sliceRows } from './slice-rows.ts';

describe('sliceRows', () => {
  it('copies some rows of every tensor, whatever its type and its other axes', () => {
    const whole = {
      image: tensor(
        'uint8',
        [4, 1, 2, 3],
        Uint8Array.from({ length: 24 }, (_, at) => at),
      ),
      mask: tensor('float32', [4, 2], Float32Array.from([0, 1, 2, 3, 4, 5, 6, 7])),
      labels: int64Vector([7, 8, 9, 10]),
    };
    const part = sliceRows(whole, 1, 2);
    expect(part).toEqual({
      image: tensor(
        'uint8',
        [2, 1, 2, 3],
        Uint8Array.from({ length: 12 }, (_, at) => 6 + at),
      ),
      mask: tensor('float32', [2, 2], Float32Array.from([2, 3, 4, 5])),
      labels: int64Vector([8, 9]),
    });
    part.mask.data[0] = 99;
    expect(whole.mask.data[2]).toBe(2);
  });

  it('cuts a tensor into slices that make it up again', () => {
    fc.assert(
      fc.property(
        fc.record({ slices: fc.integer({ min: 1, max: 5 }), count: fc.integer({ min: 1, max: 4 }), rest: fc.nat(3) }),
        ({ slices, count, rest }) => {
          const data = Float32Array.from({ length: slices * count * (rest + 1) }, (_, at) => at);
          const x = tensor('float32', [slices * count, rest + 1], data);
          const parts = Array.from({ length: slices }, (_, slice) => sliceRows({ x }, slice * count, count)['x']);
          expect(parts.every(({ shape }) => shape[0] === count && shape[1] === rest + 1)).toBe(true);
          expect(parts.flatMap((part) => [...(part.data as Float32Array)])).toEqual([...data]);
        },
      ),
    );
  });
});
