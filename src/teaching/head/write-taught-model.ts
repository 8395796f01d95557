import { embeddingOutput } from '../../catalogue/embedding/fixed-batches.ts';
import { type ModelFile, writeModel } from '../../catalogue/embedding/model-file.ts';
import type { ModelDescription, ModelMetadata } from '../../catalogue/embedding/model-metadata.ts';
import type { Engine } from '../../engines/engine.ts';
import type { Graph } from '../../graph/builder/graph.ts';
import { headOutput } from './head-output.ts';
import { partsGraph } from './parts-graph.ts';
import type { TaughtHead } from './taught-head.ts';

/** What a model file says of how it was taught. */
export interface TaughtFigures {
  /** Answers that stand, and triplets that they say: to learn from, and kept aside. */
  readonly answers: number;
  readonly triplets: number;
  readonly keptAside: number;
  /** Similarity precision on the triplets that were kept aside. */
  readonly before: number;
  readonly after: number;
}

/** The graph of a model with a head behind it: one file again, which any onnxruntime reads. */
export function taughtGraph(model: ModelFile, head: TaughtHead): Graph {
  const { graph, parts } = partsGraph(model.bytes, model);
  graph.output(embeddingOutput, headOutput(parts, head));
  return graph;
}

/**
 * Writes a model with a taught head as a model file, atomically. What the file says of the model it was made of stays, but for
 * its calibration and evaluation, which are of other distances: the evaluation is that of the teaching.
 *
 * @returns what the new file says of itself.
 */
export async function writeTaughtModel(
  path: string,
  model: ModelFile,
  head: TaughtHead,
  figures: TaughtFigures,
  options: { readonly engine?: Engine } = {},
): Promise<ModelMetadata> {
  const shares = Object.fromEntries(head.map(({ name, share }) => [name, share]));
  return writeModel(path, taughtGraph(model, head), taughtDescription(model, shares, figures), options);
}

function taughtDescription(
  { id, metadata }: ModelFile,
  shares: Readonly<Record<string, number>>,
  figures: TaughtFigures,
): ModelDescription {
  const { preprocessing, distance, embeddingBatch, network, training, seed, dataHash, attribution } = metadata;
  return {
    description: `${metadata.description} Taught by ${figures.answers} answers of people.`.trim(),
    attribution,
    preprocessing,
    distance,
    embeddingBatch,
    network,
    training: { ...training, taught: { of: id, shares, ...figures } },
    seed,
    dataHash,
    evaluation: { taught: { ...figures } },
    ...(metadata.quantization === undefined ? {} : { quantization: metadata.quantization }),
  };
}
