import { Graph } from '../graph/builder/graph.ts';
import { add } from '../graph/builder/operations.ts';
import { float32 } from '../graph/tensor/tensor.ts';
import type { Engine } from './engine.ts';

/**
 * Runs a sum of two numbers, so that a device that is not there is known before anything is written.
 *
 * @param name names the device in errors.
 * @throws EngineError as the engine does where it cannot compute.
 */
export async function requireDevice(engine: Engine, name: string): Promise<void> {
  const graph = new Graph();
  graph.output('y', add(graph.input('x', 'float32', [1]), 1));
  const program = await engine.compile(graph, { name });
  try {
    await program.run({ x: float32([1], [1]) });
  } finally {
    await program.release();
  }
}
