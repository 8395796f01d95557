import type { Engine } from '../../engines/engine.ts';
import { inFixedBatches, tableOfRows } from '../../engines/fixed-batches.ts';
import type { EmbeddingTable } from '../../evaluation/neighbours/embedding-table.ts';
import { advance, type LongWork } from '../../foundation/progress/progress.ts';
import type { Graph } from '../../graph/builder/graph.ts';
import type { Tensor } from '../../graph/tensor/tensor.ts';

/** A graph that makes one row of each picture, and how it is fed. */
export interface RowGraph {
  readonly graph: Graph;
  /** Of the program, in errors. */
  readonly name: string;
  /** The output with the rows, [rowsAtOnce, N]. */
  readonly output: string;
  /** Pictures that it takes at once. */
  readonly rowsAtOnce: number;
  /** What is told of the progress: `features of the untouched backbone`. */
  readonly work: string;
  /** The inputs for pictures at these places; as many as it takes at once. */
  feeds(places: readonly number[]): Promise<Readonly<Record<string, Tensor>>>;
}

/**
 * What a graph makes of pictures, a row each, in their order. The program is compiled for it and released behind it.
 *
 * @throws as the engine does; an AbortError if it was aborted.
 */
export async function rowsOfProgram(
  engine: Engine,
  { graph, name, output, rowsAtOnce, work, feeds }: RowGraph,
  places: readonly number[],
  watched: LongWork,
): Promise<EmbeddingTable> {
  const program = await engine.compile(graph, { name });
  const dimension = Number(graph.outputs.get(output)?.shape[1]);
  let done = 0;
  try {
    const batches = inFixedBatches(places, rowsAtOnce, async (batch) => {
      const made = await program.run(await feeds(batch));
      done = Math.min(places.length, done + rowsAtOnce);
      advance(watched, { work, unit: 'images', done, total: places.length });
      return made[output];
    });
    return { data: await tableOfRows(batches, places.length, dimension), dimension };
  } finally {
    await program.release();
  }
}
