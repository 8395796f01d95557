import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { centralDifferences } from '../../../test/oracles/central-differences.ts';
import { interpret } from '../../../test/oracles/reference/interpret.ts';
import { caseGraph, type GradientCase } from '../../../test/support/gradient-case.ts';
import type { Engine } from '../../engines/engine.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { convWeightForms } from '../lowering/conv-weight-form.ts';
import { lowerGradients } from '../lowering/lower-gradients.ts';
import type { UnfoldingOptions } from '../lowering/unfold-gradient.ts';
import { type OperatorName, operatorNames } from '../operators/operator.ts';
import { toNumbers } from '../tensor/tensor.ts';
import { gradientCases } from './gradient.cases.ts';
import { gradientTable } from './gradient-table.ts';
import { convolutionCases, networkCases } from './network.cases.ts';

/** Every element of `actual` within `tolerance` of the largest of `expected`. */
function expectClose(actual: readonly number[], expected: readonly number[], tolerance: number, what: string): void {
  expect(actual.length, what).toBe(expected.length);
  const largest = Math.max(...expected.map(Math.abs), 1e-3);
  const errors = actual.map((x, place) => Math.abs(x - expected[place]) / largest);
  const worst = Math.max(...errors.map((error) => (Number.isNaN(error) ? Number.POSITIVE_INFINITY : error)));
  expect(worst, `${what}: [${actual}] should be [${expected}]`).toBeLessThanOrEqual(tolerance);
}

/** The gradients of a case, by the reference in float64, under their names and lowered, against central differences. */
function checkAgainstDifferences<Op extends OperatorName>(
  op: Op,
  gradientCase: GradientCase<Op>,
  options: UnfoldingOptions = {},
): void {
  const { graph, feeds } = caseGraph(op, gradientCase, 'float64');
  const differences = centralDifferences((near) => toNumbers(interpret(graph, near, ['loss']).loss)[0], feeds);
  const [named, lowered] = [interpret(graph, feeds), interpret(lowerGradients(graph, options), feeds)];
  for (const [name, expected] of Object.entries(differences)) {
    expectClose(toNumbers(named[`gradient ${name}`]), expected, 1e-6, `gradient of ${op} by ${name}`);
    expectClose(toNumbers(lowered[`gradient ${name}`]), expected, 1e-6, `lowered gradient of ${op} by ${name}`);
  }
}

/** The same gradients in float32 by an engine, against the reference. */
async function checkOnEngine<Op extends OperatorName>(
  op: Op,
  gradientCase: GradientCase<Op>,
  engine: Engine,
  options: UnfoldingOptions = {},
) {
  const { graph, feeds } = caseGraph(op, gradientCase, 'float32');
  const program = await engine.compile(lowerGradients(graph, options));
  const actual = await program.run(feeds);
  await program.release();
  for (const [name, expected] of Object.entries(interpret(graph, feeds))) {
    expectClose(toNumbers(actual[name]), toNumbers(expected), 1e-4, `${name} of ${op} on the engine`);
  }
}

describe('gradient rules', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await OnnxruntimeEngine.create({ threads: 1 });
  });
  afterAll(() => engine.close());

  const differentiable = operatorNames.filter((op) => !('reason' in gradientTable[op]));

  it('have cases if and only if the operator is differentiable', () => {
    expect(operatorNames.filter((op) => gradientCases[op].length > 0)).toEqual(differentiable);
  });

  it.each(differentiable)('%s agrees with central differences', <Op extends OperatorName>(op: Op) => {
    for (const gradientCase of gradientCases[op]) checkAgainstDifferences(op, gradientCase);
  });

  it.each(differentiable)('%s gives the same on onnxruntime', async <Op extends OperatorName>(op: Op) => {
    for (const gradientCase of gradientCases[op]) {
      if (gradientCase.engineRefuses === undefined) await checkOnEngine(op, gradientCase, engine);
    }
  });

  it('of pools agree with both where elements are compared with the result', async () => {
    for (const gradientCase of networkCases.MaxPool) {
      checkAgainstDifferences('MaxPool', gradientCase, { maxPoolForm: 'comparison' });
      await checkOnEngine('MaxPool', gradientCase, engine, { maxPoolForm: 'comparison' });
    }
  });

  it.each(convWeightForms)('of convolutions agree with both in the form %s', async (form) => {
    for (const gradientCase of convolutionCases) {
      const options = { convWeightForm: () => form };
      checkAgainstDifferences('Conv', gradientCase, options);
      await checkOnEngine('Conv', gradientCase, engine, options);
    }
  });
});
