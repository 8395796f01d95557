import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engines/engine.ts';
import { gradientCases } from '../../src/graph/autodiff/gradient.cases.ts';
import { gradientTable } from '../../src/graph/autodiff/gradient-table.ts';
import { type OperatorName, operatorNames } from '../../src/graph/operators/operator.ts';
import { toNumbers } from '../../src/graph/tensor/tensor.ts';
import { interpret } from '../oracles/reference/interpret.ts';
import { caseGraph, type GradientCase } from '../support/gradient-case.ts';
import { webGpuEngine } from './webgpu-engine.ts';

/** Largest difference of any element, relative to the largest of its tensor. */
const tolerance = 1e-3;

/** What the kernels refuse even so, by what onnxruntime says of it. */
const refused: Partial<Record<OperatorName, RegExp>> = {
  // A gradient of a gradient reads the places of the largest elements.
  MaxPoolGradient: /Indices output is not supported/,
};

let engine: Engine;
beforeAll(async () => {
  engine = await webGpuEngine();
});
afterAll(() => engine?.close());

async function checkCase<Op extends OperatorName>(op: Op, gradientCase: GradientCase<Op>): Promise<void> {
  const { graph, feeds } = caseGraph(op, gradientCase, 'float32');
  const expected = interpret(graph, feeds);
  const program = await engine.compile(graph);
  const found = await program.run(feeds);
  await program.release();
  for (const [name, { data }] of Object.entries(expected)) {
    const numbers = toNumbers(found[name]);
    const largest = (data as Float64Array).reduce((most, x) => Math.max(most, Math.abs(x)), 1e-3);
    const wrong = toNumbers(expected[name]).flatMap((x, place) =>
      Math.abs(x - numbers[place]) <= tolerance * largest ? [] : [{ place, expected: x, found: numbers[place] }],
    );
    expect(wrong.slice(0, 3), `${name} of ${op}`).toEqual([]);
  }
}

describe('on WebGPU', () => {
  const differentiable = operatorNames.filter((op) => !('reason' in gradientTable[op]));

  it.each(differentiable)(
    '%s and its gradients are those of the reference',
    async <Op extends OperatorName>(op: Op) => {
      const cases: readonly GradientCase<Op>[] = gradientCases[op];
      for (const gradientCase of cases) {
        if (gradientCase.engineRefuses !== undefined) continue;
        const says = refused[op];
        if (says === undefined) await checkCase(op, gradientCase);
        else await expect(checkCase(op, gradientCase)).rejects.toThrow(says);
      }
    },
  );
});
