import type { Engine } from '../../engines/engine.ts';
import { EngineError } from '../../foundation/errors/engine-error.ts';
import { Graph, type Value } from '../../graph/builder/graph.ts';
import { concat, gemm, l2Normalize, mul } from '../../graph/builder/operations.ts';
import { tensor } from '../../graph/tensor/tensor.ts';
import { headParts } from './parts-graph.ts';
import { featuresOf, type HeadEmbeddings, type HeadFeatures, type TaughtHead } from './taught-head.ts';

/** A head as nodes of a graph. Shapes: parts [N, length], as `headParts`, to [N, D] of unit length. */
export function headOutput(parts: readonly Value[], head: TaughtHead): Value {
  const embedded = head.map(({ name, share, map: { rows, columns, data } }) => {
    const part = parts[headParts.indexOf(name)];
    const map = part.graph.constant(tensor('float32', [rows, columns], Float32Array.from(data)), `taught.${name}`);
    return mul(l2Normalize(gemm(part, map, undefined, { transB: 1 })), Math.sqrt(share));
  });
  return concat(embedded, 1);
}

/** What a head makes of features, as `embeddedBy`, by an engine: for whole catalogues. */
export async function embedFeatures(engine: Engine, head: TaughtHead, features: HeadFeatures): Promise<HeadEmbeddings> {
  const graph = new Graph();
  const count = features[0].rows.length / features[0].length;
  const parts = headParts.map((name) => graph.input(name, 'float32', [count, featuresOf({ name }, features).length]));
  graph.output('taught', headOutput(parts, head));
  const program = await engine.compile(graph, { name: 'taught head' });
  try {
    const wanted = headParts.filter((name) => program.inputs.includes(name));
    const feeds = wanted.map((name) => {
      const { length, rows } = featuresOf({ name }, features);
      // What is fed belongs to the engine.
      return [name, tensor('float32', [count, length], rows.slice())] as const;
    });
    const { taught } = await program.run(Object.fromEntries(feeds));
    if (taught.type !== 'float32') throw new EngineError(`a head gave rows of ${taught.type}, not of float32`);
    return { data: taught.data, dimension: head.reduce((sum, { map }) => sum + map.rows, 0) };
  } finally {
    await program.release();
  }
}
