import { Embedder } from '../../catalogue/embedding/embedder.ts';
import { embeddingOutput, imageInput } from '../../catalogue/embedding/fixed-batches.ts';
import type { LoadModelOptions } from '../../catalogue/embedding/load-model-options.ts';
import type { ModelFile, ModelIdentity } from '../../catalogue/embedding/model-file.ts';
import { withDecoding } from '../../catalogue/embedding/model-metadata.ts';
import type { EmbeddingEngine } from '../../engines/choosing/engine-names.ts';
import { programOnEngine } from '../../engines/choosing/program-on-engine.ts';
import type { Engine } from '../../engines/engine.ts';
import { Graph, type Value } from '../../graph/builder/graph.ts';
import { cast, concat, div, transpose } from '../../graph/builder/operations.ts';
import { copyGraph } from '../../graph/builder/rewrite-graph.ts';
import { importModel } from '../../graph/import/import-model.ts';
import { colourLength, colourShares } from '../../ranking/networks/unlearnt/colour-shares.ts';

/** What a taught head goes by, in the order of its parts: the model's embedding, and the picture's colours. */
export const headParts = ['embedding', 'colours'] as const;

/** Levels of each channel of colours. */
const colourLevels = 4;

/** How long each part is, of a model whose embedding has `dimension` numbers. */
export const partLengths = (dimension: number): readonly number[] => [dimension, colourLength(colourLevels)];

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
export function partsGraph(bytes: Uint8Array, { metadata }: Pick<ModelIdentity, 'metadata'>): PartsGraph {
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

/** What computes features, chosen as `loadModel` chooses it. Default: onnxruntime, or oneDNN where bfloat16 is asked for. */
export interface FeatureEngine extends Pick<LoadModelOptions, 'precision' | 'decode'> {
  readonly engine?: EmbeddingEngine;
  readonly threads: number;
}

/**
 * Gives pictures the features that a head goes by, in place of embeddings: rows of `partLengths` numbers, one part behind the
 * other.
 *
 * @param by an engine, which stays open when the embedder is closed, or how one is chosen.
 */
export async function featureEmbedder(model: ModelFile, by: Engine | FeatureEngine): Promise<Embedder> {
  const { graph, parts } = partsGraph(model.bytes, model);
  graph.output(embeddingOutput, concat(parts, 1));
  const dimension = partLengths(model.metadata.dimension).reduce((sum, length) => sum + length, 0);
  const { path, id } = model;
  const decode = 'compile' in by ? 'auto' : by.decode;
  const identity = { path, id, metadata: { ...withDecoding(model.metadata, decode), dimension } };
  const name = `features of ${path}`;
  if ('compile' in by) return new Embedder(identity, await by.compile(graph, { name }));
  const { precision = 'auto', threads } = by;
  const { engine = precision === 'bfloat16' ? 'onednn' : 'onnxruntime' } = by;
  const lengths = new Map([['N', model.metadata.embeddingBatch]]);
  const chosen = await programOnEngine({ graph, lengths }, { engine, precision, threads, ownThread: true, name });
  return new Embedder(identity, chosen.program, chosen.engine, {}, undefined, chosen.remark);
}
