import { roundHalfToEven } from '../../../src/graph/tensor/round-half-to-even.ts';
import { normalizeAxis } from '../../../src/graph/tensor/shape.ts';
import { type Tensor, tensor } from '../../../src/graph/tensor/tensor.ts';
import { toFloats } from './cast.ts';
import { type Floats, given } from './operands.ts';
import { broadcastTo, withShape } from './positions.ts';
import type { ReferenceContext, ReferenceRules } from './rule.ts';

const limits = { uint8: [0, 255], int8: [-128, 127] } as const;

/** Scale and zero point for every element of `x`. */
function perElement(context: ReferenceContext<'QuantizeLinear' | 'DequantizeLinear'>, x: Tensor): [Floats, Floats] {
  const stretched = (parameter: Tensor): Floats => {
    const values = toFloats(parameter);
    if (values.data.length === 1) return broadcastTo(withShape(values, []) as Floats, x.shape);
    const axis = normalizeAxis(context.attributes.axis, x.shape.length);
    const shape = x.shape.map((length, place) => (place === axis ? length : 1));
    return broadcastTo(withShape(values, shape) as Floats, x.shape);
  };
  return [stretched(given(context, 1)), stretched(context.inputs[2] ?? tensor('float64', []))];
}

/** Between real numbers and whole ones: `x = scale (q - zero point)`. */
export const quantization = {
  /** `q = saturate(round half to even(x / scale) + zero point)` */
  QuantizeLinear: (context) => {
    const x = toFloats(given(context, 0));
    const [scale, zeroPoint] = perElement(context, x);
    const type = context.inputs[2]?.type === 'int8' ? 'int8' : 'uint8';
    const [lowest, highest] = limits[type];
    const y = tensor(type, x.shape);
    for (let i = 0; i < y.data.length; i++) {
      const level = roundHalfToEven(x.data[i] / scale.data[i]) + zeroPoint.data[i];
      y.data[i] = Math.min(Math.max(level, lowest), highest);
    }
    return [y as Tensor];
  },
  DequantizeLinear: (context) => {
    const q = toFloats(given(context, 0));
    const [scale, zeroPoint] = perElement(context, q);
    const y = tensor('float64', q.shape);
    for (let i = 0; i < y.data.length; i++) y.data[i] = (q.data[i] - zeroPoint.data[i]) * scale.data[i];
    return [y];
  },
} satisfies Partial<ReferenceRules>;
