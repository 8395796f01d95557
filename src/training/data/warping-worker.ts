import { parentPort } from 'node:worker_threads';
import { InternalError } from '../../foundation/errors/internal-error.ts';
import { warpImages } from '../../pictures/augmentation/warp-images.ts';
import type { WarpingReply, WarpingRequest } from './warping.ts';

// The entry of a WarpingThread's thread: moves the pixels of half a batch.

const port = parentPort;
if (port === null) throw new InternalError('warping-worker is the entry of a thread: use WarpingThread');

port.on('message', ({ id, images, theta, settings }: WarpingRequest) => {
  // Its own, for pixels that nothing moves never come here.
  const warped = warpImages(images, { theta }, settings) as Uint8Array<ArrayBuffer>;
  port.postMessage({ id, warped } satisfies WarpingReply, [warped.buffer]);
});
