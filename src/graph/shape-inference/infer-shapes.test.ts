import { describe, expect, it } from 'vitest';
import { inferred, type ShapeCase, type ShapeRefusal } from '../../../test/support/shape-case.ts';
import { type AttributesToGive, type OperatorName, operatorNames } from '../operators/operator.ts';
import { inferShapes } from './infer-shapes.ts';
import { shapeCases, shapeRefusals } from './shape.cases.ts';

describe('inferShapes', () => {
  it.each(operatorNames)('gives the shapes of %s', <Op extends OperatorName>(op: Op) => {
    const cases: readonly ShapeCase<Op>[] = shapeCases[op];
    expect(cases.length).toBeGreaterThan(0);
    for (const { of, with: attributes, gives } of cases) {
      expect(inferred(op, of, attributes ?? ({} as AttributesToGive<Op>), gives.length)).toEqual(gives);
    }
  });

  it.each(operatorNames)('refuses what does not fit %s', <Op extends OperatorName>(op: Op) => {
    const refusals: readonly ShapeRefusal<Op>[] = shapeRefusals[op];
    expect(refusals.length).toBeGreaterThan(0);
    for (const { of, with: attributes, outputs, says } of refusals) {
      expect(() => inferred(op, of, attributes ?? ({} as AttributesToGive<Op>), outputs)).toThrow(says);
    }
  });

  it('has cases for no operator that there is not', () => {
    expect(Object.keys(shapeCases).sort()).toEqual([...operatorNames].sort());
    expect(Object.keys(shapeRefusals).sort()).toEqual([...operatorNames].sort());
  });

  it('leaves out the outputs that are not asked for', () => {
    const input = { type: 'float32', shape: ['N', 3, 4] } as const;
    const attributes = { kernelShape: [2], strides: [], pads: [], dilations: [], ceilMode: 0, storageOrder: 0 };
    const one = inferShapes({ op: 'MaxPool', inputs: [input], attributes, outputCount: 1 });
    expect(one).toEqual([{ type: 'float32', shape: ['N', 3, 3] }]);
  });

  it('refuses more outputs than there are', () => {
    expect(() => inferred('Dropout', ['float32[2]'], {}, 3)).toThrow(
      'Dropout has 2 outputs here (output, mask), but 3 were asked for',
    );
  });

  it.each([0, 1.5])('refuses %d outputs', (count) => {
    expect(() => inferred('Dropout', ['float32[2]'], {}, count)).toThrow(
      `Dropout must have a whole number of outputs, at least 1, not ${count}`,
    );
  });

  it('refuses statistics of a batch normalisation that is not training', () => {
    const inputs = ['float32[N, 3]', 'float32[3]', 'float32[3]', 'float32[3]', 'float32[3]'];
    expect(() => inferred('BatchNormalization', inputs, {}, 3)).toThrow('has 1 outputs here (Y), but 3');
  });

  it('names the input that is missing', () => {
    expect(() => inferred('Gather', ['float32[2]'], {})).toThrow("input 'indices' is missing");
    expect(() => inferred('Concat', [], { axis: 0 })).toThrow("input 'inputs[0]' is missing");
    expect(() => inferred('Sum', ['float32[2]', undefined], {})).toThrow("input 'data[1]' is missing");
  });
});
