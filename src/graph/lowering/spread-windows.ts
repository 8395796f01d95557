import type { Value } from '../builder/graph.ts';
import { convTranspose, pad } from '../builder/operations.ts';
import { kernelExtent, type SpatialAttributes } from '../shape-inference/spatial.ts';
import type { StaticShape } from '../tensor/shape.ts';

/**
 * Spreads each element of planes [N, K, ...windows] over the window it is of, K times by the filters [K, 1, ...kernel] and
 * added up: the transpose of a convolution with pads, whose windows may reach beyond them. The result is [N, 1, ...lengths].
 */
export function spreadWindows(planes: Value, filters: Value, spatial: SpatialAttributes, lengths: StaticShape): Value {
  const { kernelShape, strides, dilations, padsBegin } = spatial;
  const spread = convTranspose(planes, filters, { kernelShape, strides, dilations });
  const beyond = lengths.map((length, axis) => {
    const covered = (Number(planes.shape[axis + 2]) - 1) * strides[axis] + kernelExtent(spatial, axis);
    return length + padsBegin[axis] - covered;
  });
  return pad(spread, [0, 0, ...padsBegin.map((count) => -count), 0, 0, ...beyond]);
}
