import type { Engine } from '../../../engines/engine.ts';
import { evaluateEmbeddings } from '../../../evaluation/reports/evaluate-embeddings.ts';
import type { TrainedFigures } from '../worker/protocol.ts';
import type { LabelledPictures } from './labelled-pictures.ts';

/**
 * How well the pictures that were kept aside are found among all labelled ones; undefined where none were.
 *
 * @param embeddings rows of all labelled pictures.
 */
export async function figuresOf(
  embeddings: Float32Array,
  { labels, heldOut }: Pick<LabelledPictures, 'labels' | 'heldOut'>,
  engine: Engine,
): Promise<TrainedFigures | undefined> {
  if (heldOut.length === 0) return undefined;
  const dimension = embeddings.length / labels.length;
  const { measures } = await evaluateEmbeddings({ embeddings, dimension, labels, engine, queries: heldOut });
  const classes = new Set(heldOut.map((place) => labels[place])).size;
  return { recallAt1: measures.recallAt1, mapAtR: measures.mapAtR, images: heldOut.length, classes };
}
