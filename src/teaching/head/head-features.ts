import { Embedder } from '../../catalogue/embedding/embedder.ts';
import { embeddingOutput } from '../../catalogue/embedding/fixed-batches.ts';
import type { LoadModelOptions } from '../../catalogue/embedding/load-model-options.ts';
import type { ModelFile } from '../../catalogue/embedding/model-file.ts';
import { withDecoding } from '../../catalogue/embedding/model-metadata.ts';
import type { EmbeddingEngine } from '../../engines/choosing/engine-names.ts';
import { programOnEngine } from '../../engines/choosing/program-on-engine.ts';
import type { Engine } from '../../engines/engine.ts';
import { concat } from '../../graph/builder/operations.ts';
import { partLengths, partsGraph } from './parts-graph.ts';

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
