import { int, ints, required } from './attribute-kind.ts';

/** Attributes of a convolution. Two values a spatial axis are pads: all the beginnings, then all the ends. `[]` stands for ONNX's default. */
export function convolution() {
  return {
    kernelShape: ints([]),
    strides: ints([]),
    pads: ints([]),
    dilations: ints([]),
    group: int(1),
  } as const;
}

/** Attributes of a pool. */
export function pooling() {
  return { kernelShape: required('ints'), strides: ints([]), pads: ints([]), ceilMode: int(0) } as const;
}
