import { GraphError } from '../../foundation/errors/graph-error.ts';
import { floatOf, floatsOf, intOf, intsOf, tensorOf } from '../onnx/read-attribute.ts';
import { float32, type Tensor, tensor } from '../tensor/tensor.ts';
import type { ForeignNode } from './upgrades/foreign-node.ts';

/**
 * What a Constant node of a file holds, in whichever of its attributes.
 *
 * @throws if it holds text or a sparse tensor, or nothing.
 */
export function constantNodeTensor({ attributes, what }: ForeignNode): Tensor {
  for (const [name, attribute] of attributes) {
    switch (name) {
      case 'value':
        return tensorOf(attribute, what);
      case 'value_float':
        return float32([], [floatOf(attribute, what)]);
      case 'value_floats': {
        const values = floatsOf(attribute, what);
        return float32([values.length], values);
      }
      case 'value_int':
        return tensor('int64', [], BigInt64Array.of(intOf(attribute, what)));
      case 'value_ints': {
        const values = BigInt64Array.from(intsOf(attribute, what));
        return tensor('int64', [values.length], values);
      }
    }
  }
  const found = [...attributes.keys()].join(', ') || 'nothing';
  throw new GraphError(`${what} holds ${found}, expected value, value_float, value_floats, value_int or value_ints`);
}
