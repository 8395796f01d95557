import { type ElementType, isFloating } from '../../../src/graph/tensor/element-type.ts';
import { type Tensor, tensor } from '../../../src/graph/tensor/tensor.ts';
import { type Elements, type Floats, float64, zerosOf } from './operands.ts';

/**
 * The elements of `x` as another type: a floating type is held as float64, a fraction is cut off towards zero, what is
 * not zero is true.
 *
 * @throws if a NaN or an infinity would become an integer: ONNX leaves that undefined.
 */
export function castTo(x: Tensor, to: ElementType): Tensor {
  if (isFloating(to)) return toFloats(x);
  if (x.type === to) return x;
  const from: Elements = x.data;
  if (to === 'bool') {
    const truth = tensor('bool', x.shape);
    for (let i = 0; i < from.length; i++) truth.data[i] = Number(from[i]) === 0 ? 0 : 1;
    return truth;
  }
  const y = zerosOf(to, x.shape);
  const integers: Elements = y.data;
  for (let i = 0; i < from.length; i++) {
    const whole = wholePart(from[i], to);
    integers[i] = to === 'int64' ? whole : Number(BigInt.asIntN(32, whole));
  }
  return y;
}

/** The elements as float64, whatever the type; the tensor itself if they are. */
export function toFloats(x: Tensor): Floats {
  if (x.type === 'float64') return x;
  // Numbers are copied as a whole: element by element takes thirty times as long.
  return float64(x.shape, x.type === 'int64' ? Float64Array.from(x.data, Number) : new Float64Array(x.data));
}

function wholePart(value: number | bigint, to: ElementType): bigint {
  if (typeof value === 'bigint') return value;
  if (!Number.isFinite(value)) throw new Error(`${value} has no ${to} form: keep what is cast to an integer finite`);
  return BigInt(Math.trunc(value));
}
