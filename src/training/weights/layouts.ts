import { ModelError } from '../../foundation/errors/model-error.ts';
import { sizeOf } from '../../graph/tensor/shape.ts';
import { type TensorOf, tensor } from '../../graph/tensor/tensor.ts';

// Keras keeps filters and features in another order than ONNX and PyTorch do. Each function returns a tensor of its own.

/**
 * A convolution's filters from [height, width, channels in, filters] to [filters, channels in, height, width].
 *
 * @param channelOf the channel of the result's filters that channel `c` becomes; by default the same. Reversing three channels
 * makes filters for RGB of those for BGR.
 * @throws if the tensor has not four axes.
 */
export function hwioToOihw(
  x: TensorOf<'float32'>,
  channelOf: (c: number, channels: number) => number = (c) => c,
): TensorOf<'float32'> {
  if (x.shape.length !== 4) throw new ModelError(`filters of Keras have four axes (height, width, in, out)`);
  const [height, width, channels, filters] = x.shape;
  const y = tensor('float32', [filters, channels, height, width]);
  const places = height * width;
  for (let place = 0; place < places; place++) {
    for (let c = 0; c < channels; c++) {
      const from = (place * channels + c) * filters;
      const to = channelOf(c, channels) * places + place;
      for (let filter = 0; filter < filters; filter++) {
        y.data[filter * channels * places + to] = x.data[from + filter];
      }
    }
  }
  return y;
}

/**
 * A dense layer's weights from [features in, features out] to [features out, features in].
 *
 * @param columnOf where in a row of the result feature `i` goes; by default the same place.
 * @throws if the tensor has not two axes.
 */
export function ioToOi(x: TensorOf<'float32'>, columnOf: (i: number) => number = (i) => i): TensorOf<'float32'> {
  if (x.shape.length !== 2) throw new ModelError(`weights of a dense layer of Keras have two axes (in, out)`);
  const [inputs, outputs] = x.shape;
  const y = tensor('float32', [outputs, inputs]);
  for (let i = 0; i < inputs; i++) {
    const column = columnOf(i);
    for (let out = 0; out < outputs; out++) y.data[out * inputs + column] = x.data[i * outputs + out];
  }
  return y;
}

/** A feature map that was flattened: places (height times width) and channels. */
export interface FlatMap {
  readonly places: number;
  readonly channels: number;
}

/** Number of features of a flattened map. */
export const flatLength = ({ places, channels }: FlatMap): number => sizeOf([places, channels]);

/** Where feature `i` of a map flattened with its channels last goes when the channels come first. */
export function channelsFirst({ places, channels }: FlatMap): (i: number) => number {
  return (i) => (i % channels) * places + Math.floor(i / channels);
}
