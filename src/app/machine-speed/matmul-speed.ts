import type { Engine } from '../../engines/engine.ts';
import { Graph } from '../../graph/builder/graph.ts';
import { matMul } from '../../graph/builder/operations.ts';
import { tensor } from '../../graph/tensor/tensor.ts';
import { median } from './median.ts';

/** Rows and columns of both matrices. */
export const matmulSide = 2048;

/**
 * The engine's own speed at a 2048 x 2048 x 2048 float32 matrix product, in FLOP a second: what everything else is
 * measured against. Median of `repeats` after one that does not count.
 */
export async function matmulSpeed(engine: Engine, repeats: number): Promise<number> {
  const graph = new Graph();
  const shape = [matmulSide, matmulSide];
  graph.output('product', matMul(graph.input('a', 'float32', shape), graph.input('b', 'float32', shape)));
  const program = await engine.compile(graph, { name: 'matrix product' });
  const ones = () => engine.hold(tensor('float32', shape, new Float32Array(matmulSide ** 2).fill(0.5)));
  const [a, b, product] = [await ones(), await ones(), await ones()];
  const seconds: number[] = [];
  for (let repeat = 0; repeat <= repeats; repeat++) {
    const started = performance.now();
    await program.run({ a, b }, { fetch: [], into: { product } });
    if (repeat > 0) seconds.push((performance.now() - started) / 1000);
  }
  await program.release();
  for (const held of [a, b, product]) await held.release();
  return (2 * matmulSide ** 3) / median(seconds);
}
