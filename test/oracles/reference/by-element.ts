import { type Tensor, tensor } from '../../../src/graph/tensor/tensor.ts';
import { type Elements, type Floats, float64, fromIntegers, toIntegers } from './operands.ts';
import { broadcastTo, commonShape } from './positions.ts';

/** `y[i] = compute(x[i])`. */
export function mapFloats(x: Floats, compute: (x: number) => number): Floats {
  return float64(x.shape, x.data.map(compute));
}

/** `y[i] = compute(x[i])` for any numeric type; integers are computed exactly. */
export function mapNumeric(x: Tensor, compute: (x: number) => number, onIntegers: (x: bigint) => bigint): Tensor {
  if (x.type === 'float64') return mapFloats(x, compute);
  return fromIntegers(x.type, x.shape, toIntegers(x).map(onIntegers));
}

/** `y[i] = compute(a[i], b[i])` over two broadcast inputs. */
export function combineFloats(a: Floats, b: Floats, compute: (a: number, b: number) => number): Floats {
  const y = float64(commonShape([a, b]));
  const left = broadcastTo(a, y.shape).data;
  const right = broadcastTo(b, y.shape).data;
  for (let i = 0; i < y.data.length; i++) y.data[i] = compute(left[i], right[i]);
  return y;
}

/** The same for two inputs of one numeric type; integers are computed exactly. */
export function combineNumeric(
  a: Tensor,
  b: Tensor,
  compute: (a: number, b: number) => number,
  onIntegers: (a: bigint, b: bigint) => bigint,
): Tensor {
  if (a.type === 'float64' && b.type === 'float64') return combineFloats(a, b, compute);
  if (a.type !== b.type) throw new Error(`inputs have different types: ${a.type} and ${b.type}`);
  const shape = commonShape([a, b]);
  const right = toIntegers(broadcastTo(b, shape));
  const left = toIntegers(broadcastTo(a, shape));
  return fromIntegers(
    a.type,
    shape,
    left.map((value, i) => onIntegers(value, right[i])),
  );
}

/** `y[i] = holds(a[i], b[i])`, as bool, over two broadcast inputs of one type. */
export function compare(a: Tensor, b: Tensor, holds: (a: number | bigint, b: number | bigint) => boolean): Tensor {
  const shape = commonShape([a, b]);
  const left: Elements = broadcastTo(a, shape).data;
  const right: Elements = broadcastTo(b, shape).data;
  const y = tensor('bool', shape);
  for (let i = 0; i < y.data.length; i++) y.data[i] = holds(left[i], right[i]) ? 1 : 0;
  return y;
}
