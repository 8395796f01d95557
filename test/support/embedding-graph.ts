import { Graph, type Value } from '../../src/graph/builder/graph.ts';
import { sizeOf } from '../../src/graph/tensor/shape.ts';
import { multiScaleNetwork } from '../../src/ranking/networks/multi-scale.ts';
import type { NetworkConfig } from '../../src/ranking/networks/network-config.ts';
import { TrainingScope } from '../../src/ranking/networks/network-scope.ts';

/** A network with its weights as inputs. Input `image` float32 [rows, 3, H, W], output `embedding`. */
export interface EmbeddingGraph {
  readonly graph: Graph;
  readonly scope: TrainingScope;
  readonly embedding: Value;
  /** Number of learnt weights. */
  readonly parameterCount: number;
}

/** Builds the network of a configuration. */
export function embeddingGraph(config: NetworkConfig, rows: number, training = true): EmbeddingGraph {
  const graph = new Graph();
  const scope = new TrainingScope(graph, training);
  const image = graph.input('image', 'float32', [rows, 3, config.height, config.width]);
  const embedding = multiScaleNetwork(scope, image, config);
  graph.output('embedding', embedding);
  const sizes = [...scope.parameters.values()].map(({ spec }) => sizeOf(spec.shape));
  return { graph, scope, embedding, parameterCount: sizes.reduce((sum, size) => sum + size, 0) };
}
