import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { Graph } from '../builder/graph.ts';
import { add, fusedMatMul, int64, matMul, mul, relu } from '../builder/operations.ts';
import { decodeModel } from '../onnx/decode-model.ts';
import { readValueInfo } from '../onnx/value-info.ts';
import { float32, tensor } from '../tensor/tensor.ts';
import { exportModel } from './export-model.ts';

async function run(graph: Graph, feeds: Record<string, ort.Tensor>): Promise<Record<string, number[]>> {
  const session = await ort.InferenceSession.create(exportModel(graph), { logSeverityLevel: 4 });
  const results = await session.run(feeds);
  return Object.fromEntries(
    Object.entries(results).map(([name, { data }]) => [name, Array.from(data as ArrayLike<unknown>, Number)]),
  );
}

const vector = (...values: number[]) => new ort.Tensor('float32', values, [values.length]);

describe('exportModel', () => {
  it('writes a file that onnxruntime runs', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', ['N', 2]);
    const weights = graph.constant(float32([2, 3], [1, 2, 3, 4, 5, 6]), 'weights');
    graph.output('y', relu(add(matMul(x, weights), -10)));
    const feeds = { x: new ort.Tensor('float32', [1, 0, 0, 2, 1, 1], [3, 2]) };
    // By hand: rows [1 2 3], [8 10 12], [5 7 9], less 10, negative ones 0.
    expect(await run(graph, feeds)).toEqual({ y: [0, 0, 0, 0, 0, 2, 0, 0, 0] });
  });

  it('says what the file is: IR 9, opset 18, our name, metadata, types and shapes', () => {
    const graph = new Graph();
    const x = graph.input('x', 'uint8', ['N', 4]);
    const y = graph.apply('Cast', [x], { to: 'float32' })[0];
    graph.output('y', relu(y));
    graph.metadata.set('lookalike.loss', '{"gap": 1}');
    const model = decodeModel(exportModel(graph, { name: 'network' }));
    expect(model.irVersion).toBe(9n);
    expect(model.producerName).toBe('lookalike');
    expect(model.opsetImport.map(({ domain, version }) => [domain, version])).toEqual([['', 18n]]);
    expect(model.metadataProps.map(({ key, value }) => [key, value])).toEqual([['lookalike.loss', '{"gap": 1}']]);
    expect(model.graph.name).toBe('network');
    const { input, output, valueInfo } = model.graph;
    expect([...input, ...valueInfo, ...output].map((info) => [info.name, readValueInfo(info)])).toEqual([
      ['x', { type: 'uint8', shape: ['N', 4] }],
      ['Cast.out', { type: 'float32', shape: ['N', 4] }],
      ['y', { type: 'float32', shape: ['N', 4] }],
    ]);
  });

  it('leaves out what no output needs', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2]);
    const unused = graph.input('unused', 'float32', [2]);
    mul(unused, 3);
    graph.output('y', add(x, 1));
    const { node, input, initializer } = decodeModel(exportModel(graph)).graph;
    expect(node.map(({ opType }) => opType)).toEqual(['Add']);
    expect(input.map(({ name }) => name)).toEqual(['x']);
    expect(initializer.map(({ name }) => name)).toEqual(['scalar_1']);
  });

  it('writes an absent input as an empty name, but not at the end, and no attribute that stands for a default', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [1, 1, 4, 4]);
    const high = graph.constant(float32([], [1]), 'high');
    const clipped = graph.apply('Clip', [x, undefined, high], {})[0];
    const pooled = graph.apply('MaxPool', [clipped], { kernelShape: [2, 2] })[0];
    graph.output('y', graph.apply('Conv', [pooled, graph.constant(float32([1, 1, 1, 1], [2])), undefined], {})[0]);
    const { node } = decodeModel(exportModel(graph)).graph;
    expect(node.map(({ input }) => input)).toEqual([['x', '', 'high'], ['Clip.out'], ['MaxPool.out', 'constant']]);
    expect(node.map(({ attribute }) => attribute.map(({ name }) => name))).toEqual([
      [],
      ['kernel_shape', 'ceil_mode', 'storage_order'],
      ['group'],
    ]);
  });

  it('makes a copy of a value that two outputs, an input or a constant would name', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2]);
    const doubled = mul(x, 2);
    graph.output('first', doubled);
    graph.output('second', doubled);
    graph.output('same', x);
    graph.output('x', x);
    graph.output('scalar_2', graph.constant(float32([1], [7])));
    expect(await run(graph, { x: vector(1, 2) })).toEqual({
      first: [2, 4],
      second: [2, 4],
      same: [1, 2],
      x: [1, 2],
      scalar_2: [7],
    });
  });

  it('lets an output have the name of another value or node', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2]);
    const inner = graph.apply('Add', [x, x], {}, { name: 'y' })[0];
    const outer = graph.apply('Mul', [inner, x], {}, { name: 'y.out' })[0];
    graph.output('y', outer);
    graph.output('Neg', graph.apply('Neg', [inner], {})[0]);
    expect(await run(graph, { x: vector(1, 3) })).toEqual({ y: [2, 18], Neg: [-2, -6] });
  });

  it('writes opset 20 where AffineGrid is used, and calls interpolation what that opset calls it', async () => {
    const modes = (graph: Graph) => {
      const model = decodeModel(exportModel(graph));
      const sampler = model.graph.node.find(({ opType }) => opType === 'GridSample');
      const mode = sampler?.attribute.find(({ name }) => name === 'mode');
      return [Number(model.opsetImport[0].version), new TextDecoder().decode(mode?.s)];
    };
    for (const [mode, older] of [
      ['linear', 'bilinear'],
      ['cubic', 'bicubic'],
      ['nearest', 'nearest'],
    ]) {
      const graph = new Graph();
      const x = graph.input('x', 'float32', [1, 1, 3, 3]);
      const grid = graph.input('grid', 'float32', [1, 2, 2, 2]);
      graph.output('y', graph.apply('GridSample', [x, grid], { mode })[0]);
      expect(modes(graph)).toEqual([18, older]);
    }
    const graph = new Graph();
    const x = graph.input('x', 'float32', [1, 1, 2, 2]);
    const theta = graph.constant(float32([1, 2, 3], [1, 0, 0, 0, 1, 0]), 'theta');
    const grid = graph.apply('AffineGrid', [theta, int64(x, [1, 1, 2, 2])], {})[0];
    graph.output('y', graph.apply('GridSample', [x, grid], {})[0]);
    expect(modes(graph)).toEqual([20, 'linear']);
    const image = new ort.Tensor('float32', [1, 2, 3, 4], [1, 1, 2, 2]);
    expect(await run(graph, { x: image })).toEqual({ y: [1, 2, 3, 4] });
  });

  it('declares the domain com.microsoft where an operator is of it', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [1, 2]);
    graph.output('y', fusedMatMul(x, x, { transB: 1, alpha: 0.5 }));
    const { opsetImport } = decodeModel(exportModel(graph));
    expect(opsetImport.map(({ domain, version }) => [domain, version])).toEqual([
      ['', 18n],
      ['com.microsoft', 1n],
    ]);
    expect(await run(graph, { x: new ort.Tensor('float32', [3, 4], [1, 2]) })).toEqual({ y: [12.5] });
  });

  it('refuses a graph without outputs, and an output with the name of another input', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2]);
    expect(() => exportModel(graph)).toThrow('a graph without outputs computes nothing: name one with graph.output');
    graph.output('x', relu(x));
    expect(() => exportModel(graph)).toThrow("'x' names both an input and an output of the graph: give the output");
  });

  it('refuses a file that is too large for protobuf before it takes the memory for it', () => {
    const graph = new Graph();
    const x = graph.input('x', 'int8', [1]);
    // Four constants over the same memory would be four copies in the file.
    const shared = new Int8Array(2 ** 29);
    const parts = [1, 2, 3, 4].map(() => graph.constant(tensor('int8', [shared.length], shared)));
    graph.output('y', graph.apply('Concat', [x, ...parts], { axis: 0 })[0]);
    expect(() => exportModel(graph)).toThrow('an ONNX file holds at most 2147483647 bytes, but the model needs 21474');
  });

  it('writes the elements of constants as they lie in memory', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [1]);
    const data = new Float32Array(2 ** 20).fill(3);
    graph.output('y', add(x, graph.constant(tensor('float32', [data.length], data), 'large')));
    const bytes = exportModel(graph);
    expect(bytes.length - data.byteLength).toBeLessThan(300);
    const { rawData } = decodeModel(bytes).graph.initializer[0];
    expect(Buffer.from(rawData).equals(new Uint8Array(data.buffer))).toBe(true);
  });
});
