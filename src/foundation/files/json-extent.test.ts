import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonExtent } from './json-extent.ts';
import type { JsonValue } from './json-value.ts';

describe('jsonExtent', () => {
  it('is what a recursive walk says', () => {
    const depthOf = (value: JsonValue): number =>
      value === null || typeof value !== 'object' ? 0 : 1 + Math.max(0, ...Object.values(value).map(depthOf));
    const countOf = (value: JsonValue): number =>
      value === null || typeof value !== 'object'
        ? 1
        : Object.values(value).reduce((sum: number, member: JsonValue) => sum + countOf(member), 1);
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (any) => {
        const value: JsonValue = JSON.parse(JSON.stringify(any));
        expect(jsonExtent(value)).toEqual({ depth: depthOf(value), values: countOf(value) });
      }),
    );
  });

  it('measures a million arrays within each other', () => {
    const deep = JSON.parse('['.repeat(1_000_000) + ']'.repeat(1_000_000));
    expect(jsonExtent(deep)).toEqual({ depth: 1_000_000, values: 1_000_000 });
  });
});
