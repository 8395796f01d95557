import { EngineError } from '../../foundation/errors/engine-error.ts';
import { formatShape, sizeOf } from '../../graph/tensor/shape.ts';
import { copyTensor, type Tensor, tensor } from '../../graph/tensor/tensor.ts';

/**
 * A tensor whose memory can be handed to another thread: itself if it has a buffer all to itself, else a copy. A view on
 * a part of a buffer (Node's small Buffers share one) is copied, or its neighbours would lose their memory, too; so is
 * memory that is shared with other threads.
 *
 * @throws if its memory has been handed over before.
 */
export function transferable(value: Tensor, name: string): Tensor {
  const { type, shape, data } = value;
  if (data.length !== sizeOf(shape)) {
    throw new EngineError(
      `'${name}', ${type}${formatShape(shape)}, has no elements any more: it was fed to an engine in another thread, ` +
        'which keeps what it is fed; feed a copy, or hold the tensor',
    );
  }
  // An empty array cannot be told from one that was handed over, and a message with the latter is lost without a word.
  if (data.length === 0) return tensor(type, shape) as Tensor;
  const alone = data.buffer instanceof ArrayBuffer && data.byteLength === data.buffer.byteLength;
  return alone ? ({ type, shape, data } as Tensor) : copyTensor(value);
}

/** The buffers of tensors, each once: what to transfer with a message that carries them. */
export function buffersOf(tensors: Iterable<Tensor>): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const { data } of tensors) {
    if (data.buffer instanceof ArrayBuffer) buffers.add(data.buffer);
  }
  return [...buffers];
}
