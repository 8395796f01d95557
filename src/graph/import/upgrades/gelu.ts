import { scalar } from '../../builder/operations.ts';
import { stringOf } from '../../onnx/read-attribute.ts';
import { dataInput, OutsideSetError, type Rewrite } from './foreign-node.ts';

/**
 * Gelu of opset 20 in nodes that can be learnt through: `x / 2 (1 + erf(x / sqrt(2)))`, or, with `approximate` tanh,
 * `x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))`. onnxruntime fuses the first into one kernel again.
 *
 * Source: Hendrycks and Gimpel 2016, "Gaussian Error Linear Units"; ONNX's Gelu.
 */
export const gelu: Rewrite = (node, { graph }) => {
  const x = dataInput(node);
  const attribute = node.attributes.get('approximate');
  const approximate = attribute === undefined ? 'none' : stringOf(attribute, node.what);
  if (approximate !== 'none' && approximate !== 'tanh') {
    throw new OutsideSetError(`its approximation is '${approximate}', expected none or tanh`);
  }
  const apply = (op: 'Add' | 'Div' | 'Mul', a: typeof x, b: typeof x) => graph.apply(op, [a, b], {})[0];
  const [one, half] = [scalar(x, 1), scalar(x, 0.5)];
  const bell = () => graph.apply('Erf', [apply('Div', x, scalar(x, Math.SQRT2))], {})[0];
  const approximated = () => {
    const cube = apply('Mul', apply('Mul', x, x), x);
    const inner = apply('Add', x, apply('Mul', cube, scalar(x, 0.044715)));
    return graph.apply('Tanh', [apply('Mul', inner, scalar(x, Math.sqrt(2 / Math.PI)))], {})[0];
  };
  const share = apply('Add', approximate === 'none' ? bell() : approximated(), one);
  return graph.apply('Mul', [apply('Mul', x, share), half], {}, { name: node.name, outputNames: node.outputs });
};
