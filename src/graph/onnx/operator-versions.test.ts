import { describe, expect, it } from 'vitest';
import { domainOf, operatorNames } from '../operators/operator.ts';
import { emittedOpsetWithAffineGrid, importedOpsets } from '../operators/opset.ts';
import { definedSince, operatorVersions } from './operator-versions.ts';

describe('operator versions', () => {
  it('tell which definition holds', () => {
    expect(definedSince('Resize', 9)).toBeUndefined();
    expect([10, 12, 13, 18, 22].map((opset) => definedSince('Resize', opset))).toEqual([10, 11, 13, 18, 19]);
    // Opset 22 only added an element type.
    expect(definedSince('Selu', 22)).toBe(definedSince('Selu', 18));
    expect(definedSince('NoSuchOperator', 18)).toBeUndefined();
    expect(definedSince('constructor', 18)).toBeUndefined();
  });

  it('know every operator of our set, and none beyond what is accepted', () => {
    for (const op of operatorNames) {
      if (domainOf(op) === '') expect([op, definedSince(op, emittedOpsetWithAffineGrid)]).not.toEqual([op, undefined]);
    }
    expect(Math.max(...Object.values(operatorVersions).flat())).toBeLessThanOrEqual(importedOpsets.newest);
  });
});
