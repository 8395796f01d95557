import { embedAll } from '../../../catalogue/embedding/embed-all.ts';
import type { Embedder } from '../../../catalogue/embedding/embedder.ts';
import type { EmbeddingTable } from '../../../evaluation/neighbours/embedding-table.ts';
import { type LongWork, partOf } from '../../../foundation/progress/progress.ts';
import type { ImageSource } from '../../../pictures/datasets/dataset.ts';
import { unlearntFeatures } from '../../../pictures/features/unlearnt-features.ts';
import type { PreprocessingRule } from '../../../pictures/preparation/preprocessing-rule.ts';
import { unitRows } from '../../../ranking/closed-forms/matrix.ts';

/** What a trained model has to beat, by the names that tables and reports have. */
export const untrainedNames = {
  rawPixels: 'raw pixels',
  hog: 'HOG',
  packaged: 'packaged model',
  untouched: 'untouched backbone',
} as const;

/** One of what a trained model has to beat. */
export type UntrainedKind = keyof typeof untrainedNames;

/** The pictures, and what there is besides raw pixels and HOG to compare with. */
export interface UntrainedOptions extends LongWork {
  /** The pictures; all of them can be read. */
  readonly sources: readonly ImageSource[];
  /** How pixels are prepared: as for the model that has to beat them. */
  readonly rule: PreprocessingRule;
  /** The model that the package carries; it stays open. Default: it is not compared with. */
  readonly packaged?: Embedder | undefined;
  /** Computes what a backbone from a file makes of the pictures, a row each. Default: there is none. */
  readonly backbone?: ((watched: LongWork) => Promise<EmbeddingTable>) | undefined;
}

/** Rows of one kind, one a picture; compared by Euclidean distance. */
export interface UntrainedTable extends EmbeddingTable {
  readonly kind: UntrainedKind;
}

/**
 * What needs no training of the pictures, one table after the other, so that memory need not hold all of them: raw pixels and HOG
 * (see `unlearntFeatures`), the packaged model as it comes, and the backbone's features untouched: unit vectors, which Euclidean
 * distance ranks as cosine distance does.
 *
 * @throws as decoding and the engine do; an AbortError if it was aborted.
 */
export async function* untrainedTables(options: UntrainedOptions): AsyncGenerator<UntrainedTable, void, undefined> {
  const { sources, rule, packaged, backbone } = options;
  const { rawPixels, hog } = await unlearntFeatures(sources, rule, options);
  yield { kind: 'rawPixels', ...rawPixels };
  yield { kind: 'hog', ...hog };
  if (packaged !== undefined) {
    const { data, dimension } = await embedAll(packaged, sources, partOf(options, 'embedding with the packaged model'));
    yield { kind: 'packaged', data, dimension };
  }
  if (backbone !== undefined) {
    const { data, dimension } = await backbone(partOf(options, 'features of the untouched backbone'));
    yield { kind: 'untouched', data: unitRows({ data, columns: dimension }), dimension };
  }
}
