import type { StaticShape } from '../../src/graph/tensor/shape.ts';

/** Row-major strides in elements: the last axis has stride 1. */
export function stridesOf(shape: StaticShape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}
