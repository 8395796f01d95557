// What a program may import from 'deep-lookalike/images': decoding, resizing, features that nothing was learnt for, and data sets.

export { type ErrorCode, LookalikeError } from './foundation/errors/lookalike-error.ts';
export type { LongWork, Progress } from './foundation/progress/progress.ts';
export type { DatasetLayout, ImageDataset, ImageRecord, ImageSource } from './pictures/datasets/dataset.ts';
export type { DatasetPart } from './pictures/datasets/dataset-part.ts';
export { type LeakProofSplit, leakProofSplit } from './pictures/datasets/leak-proof-split.ts';
export { type LoadDatasetOptions, loadDataset } from './pictures/datasets/load-dataset.ts';
export type { PassedOver } from './pictures/datasets/passed-over.ts';
export { selectClasses } from './pictures/datasets/select-classes.ts';
export { type ClassSplit, splitByClassHash } from './pictures/datasets/split.ts';
export { type DecodeOptions, decodeImage } from './pictures/decoding/decode-image.ts';
export { encodePng } from './pictures/decoding/encode-png.ts';
export {
  type DecodedPixels,
  type ImageArgument,
  imageOf,
  type PixelSource,
} from './pictures/decoding/image-argument.ts';
export type { PictureDecoder } from './pictures/decoding/picture-decoder.ts';
export type { PartialPictureLimits, PictureLimits } from './pictures/decoding/picture-limits.ts';
export type { PixelRequest } from './pictures/decoding/pixel-request.ts';
export type { RgbImage } from './pictures/decoding/rgb-image.ts';
export { UnreadableImageError } from './pictures/decoding/unreadable-image-error.ts';
export { type HogOptions, hog } from './pictures/features/hog.ts';
export { type WaveletSignature, waveletSignature } from './pictures/features/wavelet-signature.ts';
export {
  type DatasetReport,
  type DuplicateGroup,
  type InspectDatasetOptions,
  inspectDataset,
  type SizeRange,
} from './pictures/inspection/inspect-dataset.ts';
export { contentGroups, type NearIdenticalPair, nearIdenticalPairs } from './pictures/inspection/near-identical.ts';
export { thumbnailsOf } from './pictures/inspection/thumbnails.ts';
export { type PictureWindow, resizeTriangle } from './pictures/preparation/resize.ts';
