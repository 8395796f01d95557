import * as ort from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { cpuOperators } from '../../src/engines/webgpu/cpu-operators.ts';
import { webGpuForm } from '../../src/engines/webgpu/webgpu-form.ts';
import { Graph } from '../../src/graph/builder/graph.ts';
import { exportModel } from '../../src/graph/export/export-model.ts';
import { type AttributesToGive, type OperatorName, operatorNames } from '../../src/graph/operators/operator.ts';
import { shapeCases } from '../../src/graph/shape-inference/shape.cases.ts';
import { readInput, type ShapeCase } from '../support/shape-case.ts';
import { webGpuEngine, webGpuProviders } from './webgpu-engine.ts';

beforeAll(async () => {
  const engine = await webGpuEngine();
  await engine.close();
});

/** A shape case as a graph; named axes have eight elements. */
function graphOf<Op extends OperatorName>(op: Op, { of, with: attributes, gives }: ShapeCase<Op>): Graph {
  const graph = new Graph();
  const inputs = of.map((written, place) => {
    const read = readInput(written);
    if (read?.constant !== undefined) return graph.constant(read.constant);
    return (
      read &&
      graph.input(
        `x${place}`,
        read.type,
        read.shape.map((length) => (typeof length === 'number' ? length : 8)),
      )
    );
  });
  const outputs = op === 'TopK' || op === 'Split' ? gives.length : 1;
  const results = graph.apply(op, inputs, attributes ?? ({} as AttributesToGive<Op>), { outputs });
  for (const [place, result] of results.entries()) graph.output(`y${place}`, result);
  return graph;
}

/** Whether onnxruntime runs a graph without the CPU. */
async function runsWithoutCpu(graph: Graph): Promise<boolean> {
  try {
    const session = await ort.InferenceSession.create(exportModel(webGpuForm(graph)), {
      executionProviders: [...webGpuProviders],
      graphOptimizationLevel: 'disabled',
      extra: { session: { disable_cpu_ep_fallback: '1' } },
      logSeverityLevel: 4,
    });
    await session.release();
    return true;
  } catch (error) {
    if (/fallback to CPU EP has been explicitly disabled/.test((error as Error).message)) return false;
    throw error;
  }
}

describe('cpuOperators', () => {
  it.each(operatorNames)('knows whether WebGPU has a kernel: %s', async <Op extends OperatorName>(op: Op) => {
    const cases: readonly ShapeCase<Op>[] = shapeCases[op];
    for (const [place, one] of cases.entries()) {
      const graph = graphOf(op, one);
      expect(cpuOperators(graph).length === 0, `${op} ${place} of ${one.of}`).toBe(await runsWithoutCpu(graph));
    }
  });
});
