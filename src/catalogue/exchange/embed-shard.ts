import { DatasetError } from '../../foundation/errors/dataset-error.ts';
import type { LongWork } from '../../foundation/progress/progress.ts';
import type { ImageDataset, ImageRecord } from '../../pictures/datasets/dataset.ts';
import type { Embedder } from '../embedding/embedder.ts';
import { newFields } from '../metadata/metadata-fields.ts';
import { contentHash, lookAt } from '../mirror/indexing/fingerprint.ts';
import { metadataOf } from '../mirror/indexing/image-metadata.ts';
import { modelStamp } from '../mirror/model-stamp.ts';
import type { StoredVector } from '../stores/vector-store.ts';
import { isInShard, type Shard } from './shard.ts';
import { inLists, type VectorRows } from './vector-table.ts';

/** What a shard is embedded of. */
export interface EmbedShardOptions extends LongWork {
  readonly embedder: Embedder;
  readonly dataset: ImageDataset;
  readonly shard: Shard;
}

/** A shard that is embedded while its rows are taken. */
export interface EmbeddedShard {
  readonly table: VectorRows;
  /** How many images there are by now. */
  readonly count: () => number;
  /** Those that could not be decoded by now. */
  readonly unreadable: readonly { readonly id: string; readonly reason: string }[];
}

/**
 * Embeds the images of a shard, in the order of their names. The same images give the same table on one kind of machine: times of
 * files are left out (0), and whoever reads the table knows an image by its bytes.
 *
 * Taking the rows throws a DatasetError where there are images and none of them can be decoded.
 */
export function embedShard({ embedder, dataset, shard, ...work }: EmbedShardOptions): EmbeddedShard {
  const images = dataset.images.filter(({ id }) => isInShard(id, shard));
  const metadata = (image: ImageRecord) => metadataOf(image, dataset.classes, undefined, undefined);
  const unreadable: { id: string; reason: string }[] = [];
  let count = 0;
  async function* rows(): AsyncGenerator<StoredVector> {
    const sources = images.map(({ source }) => source);
    for await (const result of embedder.embedSources(sources, work)) {
      const image = images[result.index];
      if ('unreadable' in result) {
        unreadable.push({ id: image.id, reason: result.unreadable.message });
        continue;
      }
      count++;
      yield { ...(await rowOf(image)), vector: result.vector };
    }
    if (count > 0 || unreadable.length === 0) return;
    throw new DatasetError(
      `none of the images of the shard ${shard.part}/${shard.of} can be read: ${unreadable[0].reason}`,
    );
  }
  const rowOf = async (image: ImageRecord) => {
    const known = metadata(image);
    const { byteLength } = await lookAt(image.source);
    const hash = await contentHash(image.source);
    return {
      ...{ id: image.id, contentHash: hash, modifiedAt: 0, byteLength },
      ...(known === undefined ? {} : { metadata: known }),
    };
  };
  const fields = newFields('the shard', [], fieldsTold());
  function* fieldsTold() {
    for (const image of images) yield { id: image.id, metadata: metadata(image) };
  }
  const table = { stamp: modelStamp(embedder.model), fields, added: false, rows: inLists(rows()) };
  return { table, count: () => count, unreadable };
}
