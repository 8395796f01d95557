import type { Engine } from '../../engines/engine.ts';
import { DatasetError } from '../../foundation/errors/dataset-error.ts';
import { ModelError } from '../../foundation/errors/model-error.ts';
import type { Graph, Value } from '../../graph/builder/graph.ts';
import { rewriteGraph } from '../../graph/builder/rewrite-graph.ts';
import type { Tensor } from '../../graph/tensor/tensor.ts';
import { type QuantizableLayer, withoutReshaping } from './quantizable-layers.ts';
import { ValueHistogram } from './value-histogram.ts';

/** The values of a graph that layers read and give as bytes: each once, without what only reshapes another. */
export function observedValues(layers: readonly QuantizableLayer[]): Value[] {
  return [...new Set(layers.flatMap(({ input, output }) => [withoutReshaping(input), output]))];
}

/** What was seen of a graph's values, and in how many images. */
export interface Observations {
  readonly seen: ReadonlyMap<Value, ValueHistogram>;
  readonly rows: number;
}

/**
 * Runs a graph on batches and counts the elements of some of its values.
 *
 * @param batches feeds by input name; each is counted whole, so a batch must not be padded.
 * @throws if there is no batch, or if an element is not finite, naming the value.
 */
export async function observe(
  graph: Graph,
  values: readonly Value[],
  engine: Engine,
  batches: AsyncIterable<Readonly<Record<string, Tensor>>>,
): Promise<Observations> {
  const names = values.map((_, index) => `observed:${index}`);
  const copies = new Map<Value, Value>();
  const observed = rewriteGraph(graph, () => undefined, copies);
  for (const [index, value] of values.entries()) observed.output(names[index], copies.get(value)!);
  const program = await engine.compile(observed, { name: 'calibration' });
  const seen = new Map(values.map((value) => [value, new ValueHistogram()]));
  let rows = 0;
  try {
    for await (const feeds of batches) {
      rows += Object.values(feeds)[0]?.shape[0] ?? 0;
      const found = await program.run(feeds, { fetch: names });
      for (const [index, [value, histogram]] of [...seen].entries()) {
        try {
          histogram.add(found[names[index]].data as Float32Array);
        } catch (error) {
          throw new ModelError(`calibration: in '${value.name}' ${(error as Error).message}`, { cause: error });
        }
      }
    }
  } finally {
    await program.release();
  }
  if (rows === 0)
    throw new DatasetError('calibration: none of the images can be read; give pictures of the kind to be searched');
  return { seen, rows };
}
