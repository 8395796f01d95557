import { createHash } from 'node:crypto';
import path from 'node:path';
import { type ImageArgument, imageOf } from '../../../pictures/decoding/image-argument.ts';
import type { Embedder } from '../../embedding/embedder.ts';
import { keptMetadata, type Metadata } from '../../metadata/metadata.ts';
import type { StoredVector } from '../../stores/vector-store.ts';
import { contentHash, type Fingerprint, lookAt } from './fingerprint.ts';

/**
 * An image that is added by itself, as a store keeps it.
 *
 * @throws UnreadableImageError if it cannot be decoded; UsageError if it is no image or the metadata are none.
 */
export async function rowOfImage(
  embedder: Embedder,
  id: string,
  image: ImageArgument,
  given: Metadata | undefined,
): Promise<StoredVector> {
  const metadata = keptMetadata(given, `the image '${id}'`);
  const source = await imageOf(image);
  const isFile = 'kind' in source && source.kind === 'file';
  const fingerprint = 'kind' in source ? await fingerprintOf(source) : fingerprintOfBytes(source);
  const vector = await embedder.embedImage(source);
  return { id, ...fingerprint, metadata, addedFrom: isFile ? path.resolve(source.path) : '', vector };
}

async function fingerprintOf(source: Parameters<typeof lookAt>[0]): Promise<Fingerprint> {
  return { ...(await lookAt(source)), contentHash: await contentHash(source) };
}

function fingerprintOfBytes(bytes: Uint8Array): Fingerprint {
  const hash = createHash('sha256').update(bytes).digest('hex');
  return { modifiedAt: 0, byteLength: bytes.length, contentHash: hash };
}
