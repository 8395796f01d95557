import { floatOf, floatsOf, intOf, intsOf } from '../../onnx/read-attribute.ts';
import { isFloating } from '../../tensor/element-type.ts';
import { type Tensor, tensor } from '../../tensor/tensor.ts';
import {
  dataInput,
  type ForeignNode,
  OutsideSetError,
  type Rewrite,
  withInput,
  withoutAttributes,
} from './foreign-node.ts';

// What older operator sets say in an attribute, newer ones say in an input: it becomes a constant.

/** A list of integers becomes a vector. */
export function intsToInput(attribute: string, index: number): Rewrite {
  return moved(attribute, index, (node, given) => {
    const values = BigInt64Array.from(intsOf(given, node.what));
    return tensor('int64', [values.length], values);
  });
}

/** A list of numbers becomes a vector of float32. */
export function floatsToInput(attribute: string, index: number): Rewrite {
  return moved(attribute, index, (node, given) => {
    const values = Float32Array.from(floatsOf(given, node.what));
    return tensor('float32', [values.length], values);
  });
}

/** One integer becomes a vector of one element. */
export function intToInput(attribute: string, index: number): Rewrite {
  return moved(attribute, index, (node, given) => tensor('int64', [1], BigInt64Array.of(intOf(given, node.what))));
}

/** A number becomes a scalar of the type of input 0. */
export function floatToInput(attribute: string, index: number): Rewrite {
  return moved(attribute, index, (node, given) => {
    const { type } = dataInput(node);
    if (!isFloating(type)) throw new OutsideSetError(`its attribute '${attribute}' does not go with ${type} data`);
    const scalar = tensor(type, []);
    scalar.data[0] = floatOf(given, node.what);
    return scalar as Tensor;
  });
}

type Reader = (node: ForeignNode, attribute: Parameters<typeof intsOf>[0]) => Tensor;

function moved(attribute: string, index: number, read: Reader): Rewrite {
  return (node, { graph }) => {
    const given = node.attributes.get(attribute);
    if (given === undefined) return node;
    const constant = graph.constant(read(node, given), `${node.name}.${attribute}`);
    return withoutAttributes(withInput(node, index, constant), attribute);
  };
}
