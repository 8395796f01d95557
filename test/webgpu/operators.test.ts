import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engines/engine.ts';
import { gradientCases } from '../../src/graph/autodiff/gradient.cases.ts';
import { gradientTable } from '../../src/graph/autodiff/gradient-table.ts';
import { type OperatorName, operatorNames } from '../../src/graph/operators/operator.ts';
import { checkCase } from '../support/check-case.ts';
import type { GradientCase } from '../support/gradient-case.ts';
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

describe('on WebGPU', () => {
  const differentiable = operatorNames.filter((op) => !('reason' in gradientTable[op]));

  it.each(differentiable)(
    '%s and its gradients are those of the reference',
    async <Op extends OperatorName>(op: Op) => {
      const cases: readonly GradientCase<Op>[] = gradientCases[op];
      for (const gradientCase of cases) {
        if (gradientCase.engineRefuses !== undefined) continue;
        const says = refused[op];
        if (says === undefined) await checkCase(engine, op, gradientCase, tolerance);
        else await expect(checkCase(engine, op, gradientCase, tolerance)).rejects.toThrow(says);
      }
    },
  );
});
