import { sizeOf } from '../../graph/tensor/shape.ts';
import { type Tensor, tensor } from '../../graph/tensor/tensor.ts';

/** Rows `start` to `start + count` of every tensor, as copies. Shapes: [rows, ...] to [count, ...]. */
export function sliceRows(
  tensors: Readonly<Record<string, Tensor>>,
  start: number,
  count: number,
): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, whole]) => {
      const rest = whole.shape.slice(1);
      const row = sizeOf(rest);
      const data = whole.data.slice(start * row, (start + count) * row);
      return [name, tensor(whole.type, [count, ...rest], data as never) as Tensor];
    }),
  );
}
