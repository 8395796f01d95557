import { embeddingOutput } from '../../../catalogue/embedding/fixed-batches.ts';
import type { ModelDescription, ModelMetadata } from '../../../catalogue/embedding/model-metadata.ts';
import type { Graph } from '../../../graph/builder/graph.ts';
import { gemm, l2Normalize } from '../../../graph/builder/operations.ts';
import { tensor } from '../../../graph/tensor/tensor.ts';
import type { LinearMap } from '../../../ranking/closed-forms/closed-form.ts';
import { partsGraph } from '../../../teaching/head/parts-graph.ts';

/** The graph of a model with a head behind it: `x -> (W x + b) / |W x + b|` of its embedding. */
export function headGraph(bytes: Uint8Array, metadata: ModelMetadata, { weight, bias }: LinearMap): Graph {
  const { graph, parts } = partsGraph(bytes, { metadata });
  const [embedding] = parts;
  const map = graph.constant(tensor('float32', [weight.rows, weight.columns], Float32Array.from(weight.data)), 'head');
  const shift = graph.constant(tensor('float32', [bias.length], Float32Array.from(bias)), 'head.bias');
  graph.output(embeddingOutput, l2Normalize(gemm(embedding, map, shift, { transB: 1 })));
  return graph;
}

/** What the file says of it: as the model that it was made of, but for what was measured of that. */
export function headDescription(
  { preprocessing, distance, embeddingBatch, network, training, seed, dataHash, attribution, ...known }: ModelMetadata,
  head: { readonly images: number; readonly classes: number; readonly steps: number },
  evaluation: ModelDescription['evaluation'],
): ModelDescription {
  const { description, quantization } = known;
  return {
    description:
      `${description} With a head fitted to ${head.images} pictures of ${head.classes} classes in a page.`.trim(),
    attribution,
    preprocessing,
    distance,
    embeddingBatch,
    network,
    training: { ...training, head: { ...head } },
    seed,
    dataHash,
    evaluation,
    ...(quantization === undefined ? {} : { quantization }),
  };
}
