import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toJson } from './json-value.ts';

describe('toJson', () => {
  it('reads back as the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = toJson(value);
        // JSON has one zero: compare with -0 made 0.
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(text).toBe(JSON.stringify(value));
      }),
    );
  });

  it('leaves out optional properties', () => {
    expect(toJson({ a: 1, b: undefined })).toBe('{"a":1}');
  });

  it.each([
    [{ loss: [1, 2, Number.NaN] }, 'state.loss[2] is NaN'],
    [{ rate: Number.POSITIVE_INFINITY }, 'state.rate is Infinity'],
    [{ a: { b: [undefined] } }, 'state.a.b[0] is of type undefined'],
    [{ count: 3n }, 'state.count is of type bigint'],
    [{ weights: new Float32Array(2) }, 'state.weights is of type Float32Array'],
    [{ seen: new Map() }, 'state.seen is of type Map'],
    [() => 1, 'state is of type function'],
  ])('refuses %o and names the place', (value, message) => {
    expect(() => toJson(value, 'state')).toThrow(message);
  });
});
