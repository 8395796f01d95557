import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interpret } from '../../../test/oracles/reference/interpret.ts';
import { floats } from '../../../test/support/gradient-case.ts';
import { stridesOf } from '../../../test/support/strides-of.ts';
import { sizeOf } from '../tensor/shape.ts';
import { toNumbers } from '../tensor/tensor.ts';
import { Graph } from './graph.ts';
import { unbroadcast } from './unbroadcast.ts';

/** Adds each element of `values` to the element of `shape` that broadcasting takes it from, place by place. */
function summedBack(values: readonly number[], from: readonly number[], shape: readonly number[]): number[] {
  const result = new Array<number>(sizeOf(shape)).fill(0);
  const strides = stridesOf(from);
  const targets = stridesOf(shape);
  for (const [place, value] of values.entries()) {
    let target = 0;
    for (const [axis, length] of shape.entries()) {
      const wide = axis + from.length - shape.length;
      const index = Math.floor(place / strides[wide]) % from[wide];
      target += (length === 1 ? 0 : index) * targets[axis];
    }
    result[target] += value;
  }
  return result;
}

describe('unbroadcast', () => {
  it('sums every element back to where broadcasting took it from', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 4 });
    fc.assert(
      fc.property(lengths, fc.nat(4), fc.nat(15), (from, missing, ones) => {
        const kept = from.slice(Math.min(missing, from.length));
        const shape = kept.map((length, axis) => ((ones >> axis) & 1 ? 1 : length));
        const graph = new Graph();
        const result = unbroadcast(graph.input('g', 'float64', from), shape);
        expect(result.shape).toEqual(shape);
        graph.output('sum', result);
        const values = Array.from({ length: sizeOf(from) }, (_, place) => place + 1);
        const { sum } = interpret(graph, { g: floats('float64', from, values) });
        expect(toNumbers(sum)).toEqual(summedBack(values, from, shape));
      }),
      { seed: 1 },
    );
  });

  it('leaves a gradient of the right shape alone, named lengths included', () => {
    const gradient = new Graph().input('g', 'float32', ['N', 3]);
    expect(unbroadcast(gradient, ['N', 3])).toBe(gradient);
    expect(unbroadcast(gradient, [3]).shape).toEqual([3]);
    expect(unbroadcast(gradient, [1, 1]).shape).toEqual([1, 1]);
  });

  it('refuses shapes that do not broadcast', () => {
    const gradient = new Graph().input('g', 'float32', [2, 3]);
    expect(() => unbroadcast(gradient, [2])).toThrow('a gradient of shape [2, 3] cannot be summed back to [2]');
    expect(() => unbroadcast(gradient, [4, 2, 3])).toThrow('cannot be summed back to [4, 2, 3]');
  });
});
