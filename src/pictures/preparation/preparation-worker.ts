import { parentPort, workerData } from 'node:worker_threads';
import { BoundedConcurrency } from '../../foundation/concurrency/bounded-concurrency.ts';
import { errorData } from '../../foundation/errors/error-data.ts';
import { PictureDecoder } from '../decoding/picture-decoder.ts';
import type { PictureLimits } from '../decoding/picture-limits.ts';
import { readImageFileSync } from '../decoding/read-image-file.ts';
import { UnreadableImageError } from '../decoding/unreadable-image-error.ts';
import type { PreparationReply, PreparationRequest, PreparedFile } from './preparation-protocol.ts';
import { preprocess } from './preprocess.ts';
import type { PreprocessingRule } from './preprocessing-rule.ts';

// The entry of a PreparationPool's thread: prepares files in the order in which they are asked for. The decoder has threads of
// its own: while one picture is resized here, the next is decoded there.

const port = parentPort;
if (port === null) throw new Error('preparation-worker is the entry of a thread: use PreparationPool');

/** Pictures of full size that are in memory at a time. */
const picturesAtOnce = 2;
const pictures = new BoundedConcurrency(picturesAtOnce);
const decoder = new PictureDecoder(workerData as PictureLimits, 1);
port.on('message', reply);

async function reply({ id, paths, rule }: PreparationRequest): Promise<void> {
  try {
    const files = await Promise.all(paths.map((path) => pictures.run(() => prepare(path, rule))));
    const buffers = files.flatMap((file) => ('pixels' in file ? [file.pixels.buffer] : []));
    port!.postMessage({ id, files } satisfies PreparationReply, buffers);
  } catch (error) {
    port!.postMessage({ id, error: errorData(error) } satisfies PreparationReply);
  }
}

async function prepare(path: string, rule: PreprocessingRule): Promise<PreparedFile> {
  try {
    const pixels = await preprocess(readImageFileSync(path), rule, { name: path, decoder });
    // Only whole buffers can be handed over.
    return {
      pixels: pixels.byteLength === pixels.buffer.byteLength ? (pixels as Uint8Array<ArrayBuffer>) : pixels.slice(),
    };
  } catch (error) {
    if (error instanceof UnreadableImageError) return { unreadable: errorData(error) };
    throw error;
  }
}
