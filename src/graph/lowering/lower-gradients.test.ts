import { describe, expect, it } from 'vitest';
import { interpret } from '../../../test/oracles/reference/interpret.ts';
import { backward } from '../autodiff/backward.ts';
import { Graph } from '../builder/graph.ts';
import { conv, maxPool, mul, reduceSum, relu, softmax } from '../builder/operations.ts';
import { exportModel } from '../export/export-model.ts';
import { importModel } from '../import/import-model.ts';
import { decodeModel } from '../onnx/decode-model.ts';
import { float32, toNumbers } from '../tensor/tensor.ts';
import { lowerGradients } from './lower-gradients.ts';

/** A convolution, a pool and a softmax, with the gradients of a loss by weights and bias. */
function trained(): Graph {
  const graph = new Graph();
  const x = graph.input('x', 'float32', [2, 2, 6, 6]);
  const w = graph.input('w', 'float32', [3, 2, 3, 3]);
  const b = graph.input('b', 'float32', [3]);
  const y = softmax(maxPool(relu(conv(x, w, b)), { kernelShape: [2, 2], strides: [2, 2] }), 1);
  const loss = reduceSum(mul(y, y));
  graph.output('loss', loss);
  for (const [i, gradient] of backward(loss, [w, b]).entries()) graph.output(`gradient ${i}`, gradient);
  graph.metadata.set('made by', 'a test');
  return graph;
}

const operatorsOf = (graph: Graph) => graph.nodes.map(({ op }) => op);
const feeds = {
  x: float32(
    [2, 2, 6, 6],
    Array.from({ length: 144 }, (_, i) => Math.sin(7 * i)),
  ),
  w: float32(
    [3, 2, 3, 3],
    Array.from({ length: 54 }, (_, i) => Math.cos(5 * i)),
  ),
  b: float32([3], [0.1, 0.2, -0.3]),
};

describe('lowerGradients', () => {
  it('leaves no gradient operator, and the same numbers', () => {
    const graph = trained();
    const lowered = lowerGradients(graph);
    const named = ['SoftmaxGradient', 'MaxPoolGradient', 'ReluGradient', 'ConvWeightGradient'];
    expect(operatorsOf(graph).filter((op) => op.endsWith('Gradient'))).toEqual(named);
    expect(operatorsOf(lowered).filter((op) => op.endsWith('Gradient'))).toEqual([]);
    expect([...lowered.outputs.keys()]).toEqual([...graph.outputs.keys()]);
    expect(lowered.metadata).toEqual(graph.metadata);
    const [expected, found] = [interpret(graph, feeds), interpret(lowered, feeds)];
    for (const name of Object.keys(expected)) {
      const numbers = toNumbers(found[name]);
      for (const [i, value] of toNumbers(expected[name]).entries()) expect(numbers[i]).toBeCloseTo(value, 12);
    }
  });

  it('gives a graph without gradients back', () => {
    const graph = new Graph();
    graph.output('y', relu(graph.input('x', 'float32', ['N', 3])));
    expect(lowerGradients(graph)).toBe(graph);
  });

  it('has the pool keep its places, but pools again by other attributes than those of the pool', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [1, 1, 4, 4]);
    const y = maxPool(x, { kernelShape: [2, 2], strides: [2, 2] });
    const given = (strides: number[], pads: number[]) =>
      graph.apply('MaxPoolGradient', [x, y, y], { kernelShape: [2, 2], strides, pads, dilations: [] })[0];
    graph.output('kept', given([2, 2], []));
    expect(operatorsOf(lowerGradients(graph))).toEqual(['MaxPool', 'MaxUnpool']);
    graph.output('again', given([3, 3], [1, 1, 1, 1]));
    expect(operatorsOf(lowerGradients(graph))).toEqual(['MaxPool', 'MaxUnpool', 'MaxPool', 'MaxUnpool']);
  });
});

describe('a file of a graph with gradients', () => {
  const domainsOf = (bytes: Uint8Array) => [...new Set(decodeModel(bytes).graph.node.map(({ domain }) => domain))];

  it("has operators of ONNX and onnxruntime's alone", () => {
    expect(domainsOf(exportModel(trained()))).toEqual(['', 'com.microsoft']);
  });

  it('may have the gradients under their names, and is read again', () => {
    const bytes = exportModel(trained(), { gradients: 'named' });
    expect(domainsOf(bytes)).toEqual(['', 'lookalike']);
    const read = importModel(bytes);
    expect(operatorsOf(read)).toEqual(operatorsOf(trained()));
    const [expected, found] = [interpret(trained(), feeds), interpret(read, feeds)];
    for (const name of Object.keys(expected)) expect(toNumbers(found[name])).toEqual(toNumbers(expected[name]));
  });
});
