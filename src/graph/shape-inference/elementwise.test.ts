import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inferred } from '../../../test/support/shape-case.ts';
import type { Dimension } from '../tensor/shape.ts';

const shape = fc.array(fc.constantFrom<Dimension>(1, 2, 3, 'N'), { maxLength: 4 });
const written = (lengths: readonly Dimension[]) => `float32[${lengths.join(', ')}]`;

/** What broadcasting gives, from what each axis has besides 1; undefined where that is not one length. */
function stretched(shapes: readonly (readonly Dimension[])[]): Dimension[] | undefined {
  const rank = Math.max(...shapes.map((lengths) => lengths.length));
  const result: Dimension[] = [];
  for (let fromEnd = 1; fromEnd <= rank; fromEnd++) {
    const found = new Set(shapes.map((lengths) => lengths.at(-fromEnd) ?? 1).filter((length) => length !== 1));
    if (found.size > 1) return undefined;
    result.unshift([...found][0] ?? 1);
  }
  return result;
}

describe('broadcasting operators', () => {
  it('give the one length that each axis has besides 1', () => {
    fc.assert(
      fc.property(fc.array(shape, { minLength: 1, maxLength: 3 }), (shapes) => {
        const expected = stretched(shapes);
        const infer = () => inferred('Max', shapes.map(written), {});
        if (expected === undefined) expect(infer).toThrow('do not broadcast');
        else expect(infer()).toEqual([written(expected)]);
      }),
      { numRuns: 500 },
    );
  });

  it('do not stretch what they must not', () => {
    fc.assert(
      fc.property(shape, shape, (x, slope) => {
        const expected = stretched([x, slope]);
        const infer = () => inferred('PRelu', [written(x), written(slope)], {});
        if (expected !== undefined && written(expected) === written(x)) expect(infer()).toEqual([written(x)]);
        else expect(infer).toThrow('not broadcast');
      }),
      { numRuns: 500 },
    );
  });
});
