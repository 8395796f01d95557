import type { LongWork } from '../../foundation/progress/progress.ts';
import type { ImageDataset } from '../../pictures/datasets/dataset.ts';
import type { Embedder } from '../embedding/embedder.ts';
import { contentHash, lookAt } from '../mirror/indexing/fingerprint.ts';
import { metadataOf } from '../mirror/indexing/image-metadata.ts';
import { modelStamp } from '../mirror/model-stamp.ts';
import type { StoredVector } from '../stores/vector-store.ts';
import { isInShard, type Shard } from './shard.ts';
import type { VectorTable } from './vector-table.ts';

/** What a shard is embedded of. */
export interface EmbedShardOptions extends LongWork {
  readonly embedder: Embedder;
  readonly dataset: ImageDataset;
  readonly shard: Shard;
}

/** A shard that was embedded. */
export interface EmbeddedShard {
  readonly table: VectorTable;
  readonly unreadable: readonly { readonly id: string; readonly reason: string }[];
}

/**
 * Embeds the images of a shard, in the order of their names. The same images give the same table on one kind of machine: times of
 * files are left out (0), and whoever reads the table knows an image by its bytes.
 */
export async function embedShard({ embedder, dataset, shard, ...work }: EmbedShardOptions): Promise<EmbeddedShard> {
  const images = dataset.images.filter(({ id }) => isInShard(id, shard));
  const rows: StoredVector[] = [];
  const unreadable: { id: string; reason: string }[] = [];
  const sources = images.map(({ source }) => source);
  for await (const result of embedder.embedSources(sources, work)) {
    const image = images[result.index];
    if ('unreadable' in result) {
      unreadable.push({ id: image.id, reason: result.unreadable.message });
      continue;
    }
    const { byteLength } = await lookAt(image.source);
    const metadata = metadataOf(image, dataset.classes, undefined, undefined);
    rows.push({
      id: image.id,
      contentHash: await contentHash(image.source),
      modifiedAt: 0,
      byteLength,
      ...(metadata === undefined ? {} : { metadata }),
      vector: result.vector,
    });
  }
  return { table: { stamp: modelStamp(embedder.model), rows }, unreadable };
}
