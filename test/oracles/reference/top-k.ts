import { normalizeAxis } from '../../../src/graph/tensor/shape.ts';
import { type Tensor, tensor } from '../../../src/graph/tensor/tensor.ts';
import { given, numbers } from './operands.ts';
import { linesAlong, take } from './positions.ts';
import type { ReferenceContext } from './rule.ts';

/**
 * The K largest (or smallest) elements along an axis and their places, best first; of equal elements the one with the
 * lower index comes first. With `sorted = 0` ONNX allows any order: this one is given all the same.
 *
 * @throws if K is more than the axis has.
 */
export function topK(context: ReferenceContext<'TopK'>): Tensor[] {
  const x = given(context, 0);
  const [k] = numbers(context, 1);
  const axis = normalizeAxis(context.attributes.axis, x.shape.length);
  const { starts, length, step } = linesAlong(x.shape, axis);
  if (k > length) throw new Error(`TopK of ${k} asks for more than the ${length} elements along axis ${axis}`);
  const better = context.attributes.largest === 1 ? -1 : 1;
  const shape = x.shape.with(axis, k);
  const result = linesAlong(shape, axis);
  const indices = tensor('int64', shape);
  const positions = new Float64Array(indices.data.length);
  for (const [line, start] of starts.entries()) {
    const order = Array.from({ length }, (_, index) => index).sort((a, b) => {
      const left = x.data[start + a * step];
      const right = x.data[start + b * step];
      return left === right ? a - b : left < right ? -better : better;
    });
    for (let rank = 0; rank < k; rank++) {
      const place = result.starts[line] + rank * result.step;
      positions[place] = start + order[rank] * step;
      indices.data[place] = BigInt(order[rank]);
    }
  }
  return [take(x, shape, positions), indices];
}
