import { describe, expect, it } from 'vitest';
import { interpret } from '../../../test/oracles/reference/interpret.ts';
import { caseGraph, type GradientCase } from '../../../test/support/gradient-case.ts';
import { gradientCases } from '../../graph/autodiff/gradient.cases.ts';
import { Graph, type OperatorNode } from '../../graph/builder/graph.ts';
import { conv, convTranspose, sign } from '../../graph/builder/operations.ts';
import { type OperatorName, operatorNames } from '../../graph/operators/operator.ts';
import { float32, type Tensor, toNumbers } from '../../graph/tensor/tensor.ts';
import { webGpuForm } from './webgpu-form.ts';

function expectSame(graph: Graph, feeds: Readonly<Record<string, Tensor>>): void {
  const [expected, found] = [interpret(graph, feeds), interpret(webGpuForm(graph), feeds)];
  for (const [name, tensor] of Object.entries(expected)) {
    const numbers = toNumbers(found[name]);
    for (const [place, value] of toNumbers(tensor).entries()) expect(numbers[place]).toBeCloseTo(value, 9);
  }
}

/** What WebGPU has no kernel for, of what networks are made of and trained by. */
const lacking: readonly OperatorName[] = ['FusedMatMul', 'LogSoftmax', 'LRN', 'MaxUnpool', 'Sign', 'Sum'];

/** Nodes that WebGPU would not run, or not rightly. */
function unfit({ nodes }: Graph): string[] {
  const operators = nodes.filter((node): node is OperatorNode => node.kind === 'operator');
  return operators.flatMap(({ op, attributes, outputs }) => {
    const training = op === 'BatchNormalization' && 'trainingMode' in attributes && attributes.trainingMode === 1;
    const places = op === 'MaxPool' && outputs.length > 1;
    return training || places || lacking.includes(op) ? [op] : [];
  });
}

describe('webGpuForm', () => {
  // Given places come as an input, and a gradient of a gradient reads them.
  const excepted: readonly OperatorName[] = ['MaxUnpool', 'MaxPoolGradient'];
  const cases = operatorNames.filter((op) => gradientCases[op].length > 0 && !excepted.includes(op));

  it.each(cases)('computes %s and its gradients with what WebGPU has', <Op extends OperatorName>(op: Op) => {
    for (const gradientCase of gradientCases[op] as readonly GradientCase<Op>[]) {
      const { graph, feeds } = caseGraph(op, gradientCase, 'float64');
      expect(unfit(webGpuForm(graph))).toEqual([]);
      expectSame(graph, feeds);
    }
  });

  it('computes groups by themselves only where the kernels are wrong', () => {
    const numbers = (shape: readonly number[], from: number) =>
      float32(
        shape,
        Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => Math.sin(from + 3 * i)),
      );
    const operators = (filters: number, transposed: boolean) => {
      const graph = new Graph();
      const x = graph.input('x', 'float32', [2, 4, 5, 5]);
      const kernel = transposed ? [4, filters, 3, 3] : [2 * filters, 2, 3, 3];
      const w = graph.input('w', 'float32', kernel);
      graph.output('y', transposed ? convTranspose(x, w, { group: 2 }) : conv(x, w, undefined, { group: 2 }));
      expectSame(graph, { x: numbers([2, 4, 5, 5], 1), w: numbers(kernel, 2) });
      return webGpuForm(graph).nodes.map(({ op }) => op);
    };
    for (const filters of [1, 3, 4, 8]) expect(operators(filters, false)).toEqual(['Conv']);
    for (const filters of [5, 6, 9]) expect(operators(filters, false).filter((op) => op === 'Conv')).toHaveLength(2);
    for (const filters of [2, 3]) expect(operators(filters, true)).toEqual(['ConvTranspose']);
    expect(operators(1, true).filter((op) => op === 'ConvTranspose')).toHaveLength(2);
  });

  it('knows the sign of whole numbers, too', () => {
    const graph = new Graph();
    graph.output('y', sign(graph.input('x', 'int32', [3])));
    expectSame(graph, { x: { type: 'int32', shape: [3], data: Int32Array.of(-4, 0, 7) } });
  });
});
