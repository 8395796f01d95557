import { embeddingOutput, imageInput } from '../../catalogue/embedding/fixed-batches.ts';
import type { ModelMetadata } from '../../catalogue/embedding/model-metadata.ts';
import { Graph, type Value } from '../../graph/builder/graph.ts';
import { cast, div, transpose } from '../../graph/builder/operations.ts';
import { copyGraph } from '../../graph/builder/rewrite-graph.ts';
import { importModel } from '../../graph/import/import-model.ts';
import { colourLength, colourShares } from '../../ranking/networks/unlearnt/colour-shares.ts';

/** What a taught head goes by, in the order of its parts: the model's embedding, and the picture's colours. */
export const headParts = ['embedding', 'colours'] as const;

/** Levels of each channel of colours. */
const colourLevels = 4;

/** How long each part is, of a model whose embedding has `dimension` numbers. */
export const partLengths = (dimension: number): readonly number[] => [dimension, colourLength(colourLevels)];

/** What is known of the model. */
interface PartsOf {
  readonly metadata: Pick<ModelMetadata, 'preprocessing'>;
}

/** A model's graph in another, with the parts that a head goes by. */
export interface PartsGraph {
  readonly graph: Graph;
  /** float32 [N, length] of unit length each, as `headParts`. */
  readonly parts: readonly Value[];
}

/**
 * The graph of a model, open for a head: its input, and behind it the parts of `headParts`. Colours are taken from the very
 * pixels that the model is given: a model that forgives colours has none of them in its embedding, and no head can bring
 * back what is not there.
 */
export function partsGraph(bytes: Uint8Array, { metadata }: PartsOf): PartsGraph {
  const model = importModel(bytes);
  const graph = new Graph();
  const { height, width } = metadata.preprocessing;
  const image = graph.input(imageInput, 'uint8', ['N', height, width, 3]);
  const copies = new Map([[model.inputs[0], image]]);
  copyGraph(model, graph, copies);
  const embedding = copies.get(model.outputs.get(embeddingOutput)!)!;
  const colours = colourShares(div(cast(transpose(image, [0, 3, 1, 2]), 'float32'), 255), colourLevels);
  return { graph, parts: [embedding, colours] };
}
