import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { floats } from '../../../../test/support/gradient-case.ts';
import { gradientsAt } from '../../../../test/support/gradients-at.ts';
import { Graph } from '../../builder/graph.ts';
import { int64, mul, reduceSum, slice } from '../../builder/operations.ts';
import { tensor } from '../../tensor/tensor.ts';
import { backward } from '../backward.ts';

describe('gradients of operators that move elements', () => {
  it('of any slice put each weight back where its element came from', () => {
    const bound = fc.integer({ min: -12, max: 12 });
    const step = fc.integer({ min: -4, max: 4 }).filter((each) => each !== 0);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), bound, bound, step, (length, start, end, by) => {
        const at = (place: number) => (place < 0 ? Math.max(place + length, by < 0 ? -1 : 0) : place);
        const taken: number[] = [];
        const first = by < 0 ? Math.min(at(start), length - 1) : at(start);
        const stop = by < 0 && end >= 0 ? Math.min(end, length - 1) : at(end);
        for (
          let place = Math.max(first, by < 0 && start < -length ? 0 : first);
          by > 0 ? place < Math.min(stop, length) : place > stop;
          place += by
        ) {
          taken.push(place);
        }
        fc.pre(taken.length > 0);
        const expected = new Array<number>(length).fill(0);
        for (const [order, place] of taken.entries()) expected[place] = order + 1;
        const [gradient] = gradientsAt(
          (x) => {
            const part = slice(x, [{ axis: 0, start, end, step: by }]);
            const weights = taken.map((_, order) => order + 1);
            return mul(part, x.graph.constant(floats('float64', [taken.length], weights)));
          },
          [Array.from({ length }, (_, place) => place)],
        );
        expect(gradient).toEqual(expected);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('of a constant pad alone are known', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [4]);
    const [padded] = graph.apply('Pad', [x, int64(x, [1, 1])], { mode: 'reflect' });
    expect(() => backward(reduceSum(padded), [x])).toThrow(
      "no gradient through node 'Pad' (Pad): only mode constant has a gradient rule, this is mode reflect",
    );
  });

  it('of a scatter that multiplies are not known', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [4]);
    const indices = graph.constant(tensor('int64', [1], BigInt64Array.of(2n)));
    const updates = graph.input('u', 'float32', [1]);
    const [y] = graph.apply('ScatterElements', [x, indices, updates], { reduction: 'mul' });
    expect(() => backward(reduceSum(y), [x])).toThrow(
      'only the reductions none and add have a gradient rule, this is mul',
    );
  });

  it('of a range are not known', () => {
    const graph = new Graph();
    const start = graph.constant(tensor('float32', [], Float32Array.of(0)));
    const limit = graph.constant(tensor('float32', [], Float32Array.of(3)));
    const step = graph.constant(tensor('float32', [], Float32Array.of(1)));
    const [range] = graph.apply('Range', [start, limit, step], {});
    expect(() => backward(reduceSum(range), [step])).toThrow('(Range): its number of elements depends on its inputs');
  });
});
