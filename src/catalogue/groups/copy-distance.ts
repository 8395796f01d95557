import { UsageError } from '../../foundation/errors/usage-error.ts';
import { advance, type LongWork } from '../../foundation/progress/progress.ts';
import { decodeImage } from '../../pictures/decoding/decode-image.ts';
import { encodeWebp } from '../../pictures/decoding/encode-webp.ts';
import { UnreadableImageError } from '../../pictures/decoding/unreadable-image-error.ts';
import { resizeTriangle } from '../../pictures/preparation/resize.ts';
import type { SearchDistanceName } from '../../ranking/distances/search-distance.ts';
import { searchDistanceByName } from '../../ranking/distances/search-distance-by-name.ts';
import type { Embedder } from '../embedding/embedder.ts';

/** What copies were made of to see how far apart they are. */
export interface CopyDistanceOptions extends LongWork {
  readonly embedder: Embedder;
  /** What embeddings are compared by. */
  readonly distance: SearchDistanceName;
  /** Files of pictures that copies are made of. */
  readonly files: readonly string[];
}

/** How far copies are from their pictures. */
export interface CopyDistance {
  /** The distance within which nineteen of twenty copies lie. */
  readonly distance: number;
  /** Pictures that copies were made of. */
  readonly pictures: number;
}

/** Quality of a copy: that of WebP, from 1 to 100. */
const copyQuality = 50;
/** Of the copies, the share that is to be within the distance. */
const within = 0.95;

/**
 * How near a copy is: of each picture a copy is made, half as wide and high and compressed hard (WebP of quality 50), and the
 * distance of the two embeddings is measured. What can no longer be read is left out.
 *
 * @throws UsageError if none of the files can be read.
 */
export async function copyDistance(options: CopyDistanceOptions): Promise<CopyDistance> {
  const { embedder, files, onProgress, signal } = options;
  const { between } = searchDistanceByName(options.distance);
  const { background, width, height } = embedder.model.metadata.preprocessing;
  const distances: number[] = [];
  for (const [place, file] of files.entries()) {
    advance({ onProgress, signal }, { work: 'making copies', unit: 'images', done: place, total: files.length });
    try {
      // As the model's own preparation decodes it, so that it is decoded once.
      const picture = await decodeImage({ kind: 'file', path: file }, { background, target: { width, height } });
      const [halfWidth, halfHeight] = [picture.width, picture.height].map((length) =>
        Math.max(1, Math.round(length / 2)),
      );
      const copy = await encodeWebp(resizeTriangle(picture, halfWidth, halfHeight), copyQuality);
      const [own, other] = await embedder.embedImages([{ ...picture, channels: 3 }, copy]);
      distances.push(between(own, other));
    } catch (error) {
      if (!(error instanceof UnreadableImageError)) throw error;
    }
  }
  if (distances.length === 0) {
    throw new UsageError('none of the pictures can be read to see how near copies are: say the distance', {
      path: 'options.files',
      expected: 'files of pictures',
    });
  }
  distances.sort((a, b) => a - b);
  return { distance: distances[Math.ceil(within * distances.length) - 1], pictures: distances.length };
}
