import { GraphError } from '../../../foundation/errors/graph-error.ts';
import type { Value } from '../../builder/graph.ts';
import { filledLike } from '../../builder/match-shape.ts';
import { expand, reshape } from '../../builder/operations.ts';
import { normalizeAxis, sizeOf, staticShape } from '../../tensor/shape.ts';
import type { GradientTable } from '../gradient-rule.ts';

/** Zeros like `data` with `updates` added at `indices`: an element picked several times gets the sum. */
function scatterAdd(data: Value, indices: Value, updates: Value, axis: number): Value {
  return data.graph.apply('ScatterElements', [filledLike(data, 0), indices, updates], { axis, reduction: 'add' })[0];
}

const gatherElements = (x: Value, indices: Value, axis: number): Value =>
  x.graph.apply('GatherElements', [x, indices], { axis })[0];

/** Operators that pick or place elements by index. */
export const gatherGradients = {
  /** One index list for the axis becomes one index an element, which is what ScatterElements takes. */
  Gather: ({ inputs: [data, indices], attributes, dY }) => [
    () => {
      const shape = [...staticShape(data.shape, 'the gradient of Gather')];
      const axis = normalizeAxis(attributes.axis, shape.length);
      const count = sizeOf(staticShape(indices.shape, 'the gradient of Gather'));
      shape[axis] = count;
      const along = shape.map((_, other) => (other === axis ? count : 1));
      return scatterAdd(data, expand(reshape(indices, along), shape), reshape(dY, shape), axis);
    },
    undefined,
  ],
  GatherElements: ({ inputs: [data, indices], attributes: { axis }, dY }) => [
    () => scatterAdd(data, indices, dY, axis),
    undefined,
  ],
  /** With reduction none the elements that were replaced get no gradient; indices must not repeat, as ONNX demands. */
  ScatterElements: ({ inputs: [, indices, updates], attributes: { axis, reduction }, dY }) => {
    if (reduction !== 'none' && reduction !== 'add') {
      throw new GraphError(`only the reductions none and add have a gradient rule, this is ${reduction}`);
    }
    const replaced = () => dY.graph.apply('ScatterElements', [dY, indices, filledLike(updates, 0)], { axis })[0];
    return [reduction === 'add' ? () => dY : replaced, undefined, () => gatherElements(dY, indices, axis)];
  },
} satisfies Partial<GradientTable>;
