import { embedAll } from '../../../catalogue/embedding/embed-all.ts';
import type { Embedder } from '../../../catalogue/embedding/embedder.ts';
import type { EmbeddingTable } from '../../../evaluation/neighbours/embedding-table.ts';
import { DatasetError } from '../../../foundation/errors/dataset-error.ts';
import type { LongWork } from '../../../foundation/progress/progress.ts';
import type { ImageDataset } from '../../../pictures/datasets/dataset.ts';
import { type ImagePlace, imagePlace } from '../../../pictures/datasets/image-place.ts';

/** Embeddings of a dataset's labelled images. */
export interface LabelledEmbeddings extends EmbeddingTable {
  /** For each row, the place of its image in the dataset; ascending. */
  readonly places: readonly ImagePlace[];
  /** The class of each row. */
  readonly labels: readonly number[];
  /** Images of no class, which were left out. */
  readonly withoutClass: number;
  readonly unreadable: readonly { readonly id: string; readonly reason: string }[];
}

/**
 * Embeds those images of a dataset that have a class and can be read.
 *
 * @throws if no image has a class, or none can be read; an AbortError if it was aborted.
 */
export async function embedLabelled(
  dataset: ImageDataset,
  embedder: Embedder,
  watched: LongWork,
): Promise<LabelledEmbeddings> {
  const labelled = dataset.images.flatMap(({ id, source, label }, place) =>
    label === undefined ? [] : [{ id, source, label, place: imagePlace(place) }],
  );
  const withoutClass = dataset.images.length - labelled.length;
  if (labelled.length === 0) {
    throw new DatasetError(
      `none of the ${withoutClass} images in '${dataset.root}' has a class: put them into one folder a class, or give a CSV with labels`,
    );
  }
  const sources = labelled.map(({ source }) => source);
  const { data, dimension, indexes, unreadable } = await embedAll(embedder, sources, watched);
  return {
    data,
    dimension,
    places: indexes.map((index) => labelled[index].place),
    labels: indexes.map((index) => labelled[index].label),
    withoutClass,
    unreadable: unreadable.map(({ index, error }) => ({ id: labelled[index].id, reason: error.message })),
  };
}
