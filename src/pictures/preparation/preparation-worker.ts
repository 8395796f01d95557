import { Buffer } from 'node:buffer';
import { parentPort, workerData } from 'node:worker_threads';
import { BoundedConcurrency } from '../../foundation/concurrency/bounded-concurrency.ts';
import { errorData } from '../../foundation/errors/error-data.ts';
import { InternalError } from '../../foundation/errors/internal-error.ts';
import { type DecodeOptions, decodeImage } from '../decoding/decode-image.ts';
import { encodeWebp } from '../decoding/encode-webp.ts';
import { fitWithin } from '../decoding/fit-within.ts';
import { PictureDecoder } from '../decoding/picture-decoder.ts';
import type { PictureLimits } from '../decoding/picture-limits.ts';
import { readImageFileSync } from '../decoding/read-image-file.ts';
import { UnreadableImageError } from '../decoding/unreadable-image-error.ts';
import type { PreparationReply, PreparationRequest, PreparationWork, PreparedPicture } from './preparation-protocol.ts';
import { preprocess } from './preprocess.ts';
import { resizeTriangle } from './resize.ts';

// The entry of a PreparationPool's thread: prepares pictures in the order in which they are asked for. The decoder has threads of
// its own: while one picture is resized here, the next is decoded there.

const port = parentPort;
if (port === null) throw new InternalError('preparation-worker is the entry of a thread: use PreparationPool');

/** Pictures of full size that are in memory at a time. */
const picturesAtOnce = 2;
const pictures = new BoundedConcurrency(picturesAtOnce);
const decoder = new PictureDecoder(workerData as PictureLimits, 1);
port.on('message', reply);

async function reply({ id, sources, work }: PreparationRequest): Promise<void> {
  try {
    const prepared = await Promise.all(sources.map((source) => pictures.run(() => prepare(source, work))));
    const buffers = prepared.flatMap((picture) => ('bytes' in picture ? [picture.bytes.buffer] : []));
    port!.postMessage({ id, pictures: prepared } satisfies PreparationReply, buffers);
  } catch (error) {
    port!.postMessage({ id, error: errorData(error) } satisfies PreparationReply);
  }
}

async function prepare(source: string | Uint8Array, work: PreparationWork): Promise<PreparedPicture> {
  const isPath = typeof source === 'string';
  try {
    const file = isPath ? readImageFileSync(source) : Buffer.from(source.buffer, source.byteOffset, source.byteLength);
    const bytes = await made(file, work, isPath ? { name: source, decoder } : { decoder });
    // Only whole buffers can be handed over.
    return { bytes: bytes.byteLength === bytes.buffer.byteLength ? (bytes as Uint8Array<ArrayBuffer>) : copyOf(bytes) };
  } catch (error) {
    if (error instanceof UnreadableImageError) return { unreadable: errorData(error) };
    throw error;
  }
}

async function made(file: Buffer, work: PreparationWork, options: DecodeOptions): Promise<Uint8Array> {
  if (work.kind === 'input') return preprocess(file, work.rule, options);
  const image = await decodeImage(file, { ...options, target: work });
  const { width, height } = fitWithin(image, work);
  return encodeWebp(resizeTriangle(image, width, height));
}

/** A copy with a buffer of its own; `slice` of a Buffer is none. */
function copyOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
