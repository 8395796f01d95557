import type { Value } from '../builder/graph.ts';
import { concat, equal, indicator, mul, reshape, sub } from '../builder/operations.ts';
import type { OperatorInputs } from '../builder/operator-inputs.ts';
import type { OperatorAttributes } from '../operators/operator.ts';
import { spatialAttributes } from '../shape-inference/spatial.ts';
import { staticShape } from '../tensor/shape.ts';
import { spreadWindows } from './spread-windows.ts';
import { tapFilters, tapsOf } from './taps.ts';

/** The least number of float32, which no element of a window loses against. */
const lowest = -(2 - 2 ** -23) * 2 ** 127;

/**
 * The gradient of a max pool for engines whose pools do not tell where the largest elements were: at every place of the
 * window, in row-major order, the image is compared with the result; the first that is equal gets the gradient, and what each
 * place gets is spread over the image by one transposed convolution.
 *
 * Shapes: X [N, C, ...lengths], Y and dY [N, C, ...windows].
 */
export function maxPoolGradientByComparison(
  [X, Y, dY]: OperatorInputs<'MaxPoolGradient'>,
  attributes: OperatorAttributes<'MaxPoolGradient'>,
): Value {
  const [batch, channels, ...size] = staticShape(X.shape, 'the gradient of MaxPool');
  const resultSize = Y.shape.slice(2).map(Number);
  const spatial = spatialAttributes(attributes, size.length);
  const kernelSize = spatial.kernelShape;
  const planes = [batch * channels, 1, ...resultSize];
  let free: Value | undefined;
  const parts = tapsOf(X, { ...spatial, size, resultSize, kernelSize }, lowest).map((tap) => {
    const largest = indicator(equal(tap, Y), dY);
    const first = free === undefined ? largest : mul(largest, free);
    free = sub(free ?? 1, first);
    return reshape(mul(dY, first), planes);
  });
  return reshape(spreadWindows(concat(parts, 1), tapFilters(X, 1, kernelSize), spatial, size), [
    batch,
    channels,
    ...size,
  ]);
}
