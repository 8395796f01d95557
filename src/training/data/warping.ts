import type { AugmentationSample, AugmentationSettings } from '../../pictures/augmentation/augmentation.ts';
import type { PackedImages } from '../../pictures/augmentation/warp-images.ts';

/** Who moves the pixels of a batch, as `warpImages` does, to the last bit: this thread, or several. */
export type Warping = (
  images: PackedImages,
  sample: Pick<AugmentationSample, 'theta'>,
  settings: AugmentationSettings,
) => Uint8Array | Promise<Uint8Array>;

/** What the thread of a `WarpingThread` is asked to move. */
export interface WarpingRequest {
  readonly id: number;
  readonly images: PackedImages;
  readonly theta: Float32Array;
  readonly settings: AugmentationSettings;
}

/** The pixels, moved. */
export interface WarpingReply {
  readonly id: number;
  readonly warped: Uint8Array<ArrayBuffer>;
}
