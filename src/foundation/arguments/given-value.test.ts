import { describe, expect, it } from 'vitest';
import { givenValue } from './given-value.ts';

describe('givenValue', () => {
  it.each<[unknown, string]>([
    [undefined, 'undefined'],
    [null, 'null'],
    [7, 'the number 7'],
    [Number.NaN, 'the number NaN'],
    [3n, 'the number 3'],
    [true, 'true'],
    ['', 'an empty text'],
    ['a.png', "the text 'a.png'"],
    ['x'.repeat(50), `the text '${'x'.repeat(40)}…'`],
    [[1, 2], 'an array of 2'],
    [Promise.resolve(), 'a Promise (await it)'],
    [Uint8Array.of(1, 2), 'a Uint8Array of 2 bytes'],
    [Float64Array.of(1), 'a Float64Array of 8 bytes'],
    [new ArrayBuffer(3), 'an ArrayBuffer'],
    [new URL('https://example.org/a.png'), "the URL 'https://example.org/a.png'"],
    [new Map(), 'a Map'],
    [new (class Thing {})(), 'a Thing'],
    [Object.create(null), 'an empty object'],
    [{ width: 1, height: 2 }, 'an object with width, height'],
    [{ a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1 }, 'an object with a, b, c, d, e, f, …'],
    [() => 1, 'a function'],
    [Symbol('x'), 'a symbol'],
  ])('says %s as %s', (value, words) => {
    expect(givenValue(value)).toBe(words);
  });
});
