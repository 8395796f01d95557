import { GraphError } from '../../foundation/errors/graph-error.ts';
import { formatShape } from '../tensor/shape.ts';
import { type Tensor, tensor } from '../tensor/tensor.ts';
import type { SparseTensorProto } from './onnx_pb.ts';
import { readTensor } from './read-tensor.ts';

/** The most elements that one may have once its zeros are written out: 1 GiB of float32. */
const mostElements = 2 ** 28;

/**
 * A sparse tensor of a file with its zeros written out. Its `indices` are places in the elements, or rows of one index for each
 * axis.
 *
 * @throws as `readTensor` does, if a place is outside of the shape, or the shape has more than 2^28 elements.
 */
export function readSparseTensor({ values, indices, dims }: SparseTensorProto, what: string): Tensor {
  const shape = dims.map(Number);
  const damaged = (why: string) =>
    new GraphError(`${what} is a sparse tensor of shape ${formatShape(shape)} ${why}: the file is damaged`);
  if (values === undefined || indices === undefined) throw damaged('without values or indices');
  const size = shape.reduce((product, length) => product * length, 1);
  if (shape.some((length) => length < 0) || size > mostElements) throw damaged(`with ${size} elements`);
  const given = readTensor(values, what);
  const { type, data, shape: rows } = readTensor(indices, `${what}: its indices`);
  const axes = rows.length === 1 ? [size] : shape;
  if (type !== 'int64' || data.length !== given.data.length * axes.length) {
    throw damaged(`with ${given.data.length} values and ${data.length} indices`);
  }
  const dense = tensor(given.type, shape) as Tensor;
  for (const [row, value] of given.data.entries()) {
    let place = 0;
    for (const [axis, length] of axes.entries()) {
      const index = Number(data[row * axes.length + axis]);
      if (index < 0 || index >= length) throw damaged(`with a value at ${index}`);
      place = place * length + index;
    }
    dense.data[place] = value;
  }
  return dense;
}
