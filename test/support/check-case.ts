import { expect } from 'vitest';
import type { Engine } from '../../src/engines/engine.ts';
import type { OperatorName } from '../../src/graph/operators/operator.ts';
import { toNumbers } from '../../src/graph/tensor/tensor.ts';
import { interpret } from '../oracles/reference/interpret.ts';
import { caseGraph, type GradientCase } from './gradient-case.ts';

/**
 * Compares an operator of an engine, and its gradients, with the reference.
 *
 * @param tolerance largest difference of any element, relative to the largest of its tensor.
 */
export async function checkCase<Op extends OperatorName>(
  engine: Engine,
  op: Op,
  gradientCase: GradientCase<Op>,
  tolerance: number,
): Promise<void> {
  const { graph, feeds } = caseGraph(op, gradientCase, 'float32');
  const expected = interpret(graph, feeds);
  const program = await engine.compile(graph);
  const found = await program.run(feeds);
  await program.release();
  for (const [name, value] of Object.entries(expected)) {
    const [wanted, numbers] = [toNumbers(value), toNumbers(found[name])];
    const largest = wanted.reduce((most, x) => Math.max(most, Math.abs(x)), 1e-3);
    const wrong = wanted.flatMap((x, place) =>
      Math.abs(x - numbers[place]) <= tolerance * largest ? [] : [{ place, expected: x, found: numbers[place] }],
    );
    expect(wrong.slice(0, 3), `${name} of ${op}`).toEqual([]);
  }
}
