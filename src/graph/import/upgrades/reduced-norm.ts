import { readAttributes } from '../../onnx/read-attribute.ts';
import { dataInput, type Rewrite } from './foreign-node.ts';

/** ReduceSumSquare is the sum of `x * x`. */
export const summedSquares: Rewrite = (node, { graph }) => {
  const x = dataInput(node);
  return { ...node, op: 'ReduceSum', inputs: [graph.apply('Mul', [x, x], {})[0], ...node.inputs.slice(1)] };
};

/** ReduceL1 is the sum of `|x|`. */
export const summedSizes: Rewrite = (node, { graph }) => {
  const sizes = graph.apply('Abs', [dataInput(node)], {})[0];
  return { ...node, op: 'ReduceSum', inputs: [sizes, ...node.inputs.slice(1)] };
};

/** ReduceL2 is the root of the sum of `x * x`. */
export const rootOfSquares: Rewrite = (node, { graph }) => {
  const x = dataInput(node);
  const squares = graph.apply('Mul', [x, x], {});
  const attributes = readAttributes('ReduceSum', node.attributes, node.what);
  const sum = graph.apply('ReduceSum', [...squares, ...node.inputs.slice(1)], attributes);
  return graph.apply('Sqrt', sum, {}, { name: node.name, outputNames: node.outputs });
};
