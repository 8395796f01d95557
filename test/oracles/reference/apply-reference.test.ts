import { describe, expect, it } from 'vitest';
import { completeAttributes, operatorNames } from '../../../src/graph/operators/operator.ts';
import { int64Vector, type Tensor, tensor } from '../../../src/graph/tensor/tensor.ts';
import { applyReference, referenceRules } from './apply-reference.ts';

const pair = tensor('float64', [2], Float64Array.of(1, 2));
const image = tensor('float64', [1, 1, 1, 2], Float64Array.of(1, 2));
const size = int64Vector([1, 1, 1, 3]);

describe('applyReference', () => {
  it('knows every operator and no other', () => {
    expect(Object.keys(referenceRules).sort()).toEqual([...operatorNames].sort());
  });

  it('names the input that is left out, or not floating', () => {
    const apply = (inputs: readonly (Tensor | undefined)[]) => () =>
      applyReference({ op: 'Exp', inputs, attributes: {}, outputCount: 1 });
    expect(apply([])).toThrow('Exp needs its input 0, which the node leaves out');
    expect(apply([int64Vector([1])])).toThrow('Exp is defined for floating inputs only, but its input 0 is int64');
  });

  it('refuses operands of different types', () => {
    const inputs = [pair, int64Vector([1, 2])];
    expect(() => applyReference({ op: 'Add', inputs, attributes: {}, outputCount: 1 })).toThrow(
      'inputs have different types: float64 and int64',
    );
  });

  it('refuses a reduction of integers that has no exact form', () => {
    const attributes = completeAttributes('ReduceLogSumExp', {});
    const inputs = [int64Vector([1, 2])];
    expect(() => applyReference({ op: 'ReduceLogSumExp', inputs, attributes, outputCount: 1 })).toThrow(
      'ReduceLogSumExp is defined for floating inputs only, got int64',
    );
  });

  it('refuses TopK of more elements than there are', () => {
    const attributes = completeAttributes('TopK', {});
    expect(() => applyReference({ op: 'TopK', inputs: [pair, int64Vector([3])], attributes, outputCount: 2 })).toThrow(
      'TopK of 3 asks for more than the 2 elements along axis 0',
    );
  });

  it('refuses matrices that do not multiply', () => {
    const square = tensor('float64', [3, 1]);
    expect(() => applyReference({ op: 'MatMul', inputs: [pair, square], attributes: {}, outputCount: 1 })).toThrow(
      'shapes [2] and [3, 1] do not multiply: 2 is not 3',
    );
  });

  it('refuses a shape that the elements do not fill', () => {
    const attributes = completeAttributes('Reshape', {});
    const inputs = [pair, int64Vector([3])];
    expect(() => applyReference({ op: 'Reshape', inputs, attributes, outputCount: 1 })).toThrow(
      '2 elements do not fit shape [3]',
    );
  });

  it.each([{ mode: 'spline' }, { nearestMode: 'up' }, { coordinateTransformationMode: 'tf_crop_and_resize' }])(
    'refuses a way to resize that it does not know: %o',
    (given) => {
      const attributes = completeAttributes('Resize', given);
      const inputs = [image, undefined, undefined, size];
      const [value] = Object.values(given);
      expect(() => applyReference({ op: 'Resize', inputs, attributes, outputCount: 1 })).toThrow(`'${value}'`);
    },
  );

  it.each([{ mode: 'spline' }, { paddingMode: 'wrap' }])(
    'refuses a way to sample that it does not know: %o',
    (given) => {
      const attributes = completeAttributes('GridSample', given);
      const grid = tensor('float64', [1, 1, 1, 2], Float64Array.of(-1, -1));
      const [value] = Object.values(given);
      expect(() => applyReference({ op: 'GridSample', inputs: [image, grid], attributes, outputCount: 1 })).toThrow(
        `'${value}': use`,
      );
    },
  );

  it('refuses a way to pad or to scatter that it does not know', () => {
    const pad = completeAttributes('Pad', { mode: 'wrap' });
    const pads = int64Vector([1, 1]);
    expect(() => applyReference({ op: 'Pad', inputs: [pair, pads], attributes: pad, outputCount: 1 })).toThrow(
      "Pad has no mode 'wrap': use constant, edge or reflect",
    );
    const scatter = completeAttributes('ScatterElements', { reduction: 'mean' });
    const inputs = [pair, int64Vector([0]), tensor('float64', [1])];
    expect(() => applyReference({ op: 'ScatterElements', inputs, attributes: scatter, outputCount: 1 })).toThrow(
      "ScatterElements has no reduction 'mean': use none, add, mul, max or min",
    );
  });
});
