import { describe, expect, it } from 'vitest';
import { gradientsAt } from '../../../../test/support/gradients-at.ts';
import type { Value } from '../../builder/graph.ts';
import { div, max, min, pow, where } from '../../builder/operations.ts';
import { tensor } from '../../tensor/tensor.ts';

const maxOfThree = (a: Value, b: Value, c: Value) => a.graph.apply('Max', [a, b, c], {})[0];
const pRelu = (x: Value, slope: Value) => x.graph.apply('PRelu', [x, slope], {})[0];

describe('gradients at ties and ends', () => {
  it('of Max and Min are shared equally', () => {
    expect(
      gradientsAt(max, [
        [1, 2, 3],
        [1, 3, 2],
      ]),
    ).toEqual([
      [0.5, 0, 1],
      [0.5, 1, 0],
    ]);
    expect(
      gradientsAt(min, [
        [1, 2, 3],
        [1, 3, 2],
      ]),
    ).toEqual([
      [0.5, 1, 0],
      [0.5, 0, 1],
    ]);
    expect(gradientsAt((a) => max(a, 0), [[0, 1, -1]])).toEqual([[0.5, 1, 0]]);
  });

  it('of Max of several operands are shared among those that tie', () => {
    const [a, b, c] = gradientsAt(maxOfThree, [
      [6, 6, 1],
      [6, 2, 1],
      [6, 6, 1],
    ]);
    expect(a).toEqual([1 / 3, 0.5, 1 / 3]);
    expect(b).toEqual([1 / 3, 0, 1 / 3]);
    expect(c).toEqual([1 / 3, 0.5, 1 / 3]);
  });

  it('of PRelu at 0 is the slope', () => {
    expect(gradientsAt(pRelu, [[-2, 0, 2], [0.25]])).toEqual([[0.25, 0.25, 1], [-2]]);
  });

  it('of Pow at base 0 is finite where the power is', () => {
    expect(
      gradientsAt(pow, [
        [0, 0, 0],
        [0, 1, 2],
      ]),
    ).toEqual([
      [0, 1, 0],
      [0, 0, 0],
    ]);
  });

  it('of Where stays clear of what was not chosen', () => {
    const guarded = (x: Value) => {
      const chosen = x.graph.constant(tensor('bool', [2], Uint8Array.of(1, 0)));
      return where(chosen, x, div(x, 0));
    };
    expect(gradientsAt(guarded, [[3, 4]])[0][0]).toBeNaN();
    const safe = (x: Value) => where(x.graph.constant(tensor('bool', [2], Uint8Array.of(1, 0))), x, 7);
    expect(gradientsAt(safe, [[3, Number.POSITIVE_INFINITY]])).toEqual([[1, 0]]);
  });
});
