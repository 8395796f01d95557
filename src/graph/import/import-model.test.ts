import { create } from '@bufbuild/protobuf';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { float, foreignModel, halfPrecision, int, ints, node, text } from '../../../test/fixtures/foreign-model.ts';
import { printGraph } from '../../../test/oracles/print-graph.ts';
import { exportModel } from '../export/export-model.ts';
import { decodeModel } from '../onnx/decode-model.ts';
import { TensorProto_DataType as DataType, TensorProtoSchema } from '../onnx/onnx_pb.ts';
import { tensorProto } from '../onnx/tensor-proto.ts';
import { float32, int64Vector, tensor } from '../tensor/tensor.ts';
import { importModel, importReadable } from './import-model.ts';

const x = { x: ['float32', ['N', 4]] } as const;

describe('importModel', () => {
  it('makes a graph with the names of the file', () => {
    const graph = importModel(
      foreignModel({
        opset: 17,
        inputs: x,
        initializers: { w: float32([4, 2], [1, 2, 3, 4, 5, 6, 7, 8]), unused: float32([1], [1]) },
        nodes: [node('Gemm', ['x', 'w'], ['h'], { alpha: float(0.1), transA: int(0) }), node('Relu', ['h'], ['y'])],
        outputs: ['y'],
        model: { metadataProps: [{ key: 'author', value: 'somebody' }] },
      }),
    );
    expect(printGraph(graph)).toBe(
      [
        'metadata author = "somebody"',
        'input x: float32[N, 4]',
        'constant w: float32[4, 2] = 1, 2, 3, 4, 5, 6, 7, 8',
        'constant unused: float32[1] = 1',
        'h: float32[N, 2] = Gemm(x, w) {alpha: 0.1}',
        'y: float32[N, 2] = Relu(h)',
        'output y = y',
      ].join('\n'),
    );
    expect(graph.nodes.map(({ name }) => name)).toEqual(['h_node', 'y_node']);
  });

  it('takes an initializer that is listed as an input for a constant', () => {
    const w = float32([4], [1, 2, 3, 4]);
    const inputs = { ...x, w: ['float32', [4]] } as const;
    const nodes = [node('Add', ['x', 'w'], ['y'])];
    const graph = importModel(foreignModel({ opset: 9, inputs, initializers: { w }, nodes, outputs: ['y'] }));
    expect(graph.inputs.map(({ name }) => name)).toEqual(['x']);
    expect(graph.constants.map(({ name }) => name)).toEqual(['w']);
  });

  it('makes a constant of a Constant node, whatever its attribute', () => {
    const graph = importModel(
      foreignModel({
        opset: 13,
        nodes: [
          node('Constant', [], ['a'], { value: tensor('uint8', [2], Uint8Array.of(1, 2)) }),
          node('Constant', [], ['b'], { value_float: float(0.5) }),
          node('Constant', [], ['c'], { value_int: int(7) }),
          node('Constant', [], ['d'], { value_ints: ints(3, 4) }),
        ],
        outputs: ['a', 'b', 'c', 'd'],
      }),
    );
    expect(graph.constants.map(({ origin }) => (origin.kind === 'constant' ? origin.tensor : undefined))).toEqual([
      tensor('uint8', [2], Uint8Array.of(1, 2)),
      float32([], [0.5]),
      tensor('int64', [], BigInt64Array.of(7n)),
      int64Vector([3, 4]),
    ]);
  });

  it('reads half precision as float32: inputs, weights and casts', () => {
    const bits = new Uint8Array(Uint16Array.of(0x3c00, 0xc000).buffer);
    const graph = importModel(
      foreignModel({
        opset: 13,
        nodes: [node('Add', ['x', 'w'], ['h']), node('Cast', ['h'], ['y'], { to: int(DataType.FLOAT16) })],
        graph: {
          input: [halfPrecision('x')],
          initializer: [
            create(TensorProtoSchema, { name: 'w', dims: [2n], dataType: DataType.FLOAT16, rawData: bits }),
          ],
        },
        outputs: ['y'],
      }),
    );
    expect(printGraph(graph)).toBe(
      [
        'input x: float32[]',
        'constant w: float32[2] = 1, -2',
        'h: float32[2] = Add(x, w)',
        'y: float32[2] = Cast(h) {to: float32}',
        'output y = y',
      ].join('\n'),
    );
  });

  it('numbers what two things in the file are called, and names what has no name', () => {
    const nodes = [
      { opType: 'Relu', name: 'same', input: ['x'], output: ['same'] },
      { opType: 'Neg', input: ['same'], output: ['y'] },
    ];
    const graph = importModel(foreignModel({ opset: 18, inputs: x, nodes, outputs: ['y'] }));
    expect(new Set(graph.nodes.flatMap(({ name, outputs }) => [name, ...outputs.map((each) => each.name)])).size).toBe(
      4,
    );
    expect(graph.nodes.map(({ name }) => name)).toEqual(['same', 'Neg']);
    expect([...graph.outputs.keys()]).toEqual(['y']);
  });

  it('gives lengths to named axes on request', () => {
    const bytes = foreignModel({
      opset: 11,
      inputs: { image: ['float32', ['N', 1, 'H', 6]] },
      initializers: { w: float32([1, 1, 3, 3], new Array(9).fill(1)) },
      nodes: [node('Conv', ['image', 'w'], ['y'], { auto_pad: text('SAME_UPPER'), strides: ints(2, 2) })],
      outputs: ['y'],
    });
    expect(() => importModel(bytes)).toThrow(
      "node 'y_node' (Conv) pads to SAME_UPPER, which needs the length of spatial axis 0, but that is only the name 'H': " +
        "give it a number when importing (lengths: { 'H': ... })",
    );
    expect(importModel(bytes, { lengths: { H: 5 } }).outputs.get('y')?.shape).toEqual(['N', 1, 3, 3]);
    expect(() => importModel(bytes, { lengths: { h: 5 } })).toThrow(
      "no axis of an input is called 'h'; open are: N, H",
    );
    expect(() => importModel(bytes, { lengths: { H: 0.5 } })).toThrow("the length of 'H' cannot be 0.5");
  });

  it.each([
    [6, 'the model uses opset 6, but 7 to 28 are accepted: convert it with onnx.version_converter'],
    [29, 'the model uses opset 29, but 7 to 28 are accepted'],
  ])('refuses opset %i', (opset, message) => {
    const nodes = [node('Relu', ['x'], ['y'])];
    expect(() => importModel(foreignModel({ opset, inputs: x, nodes, outputs: ['y'] }))).toThrow(message);
  });

  it.each([7, 9, 22, 25])('accepts opset %i, and the long name of the domain', async (opset) => {
    const bytes = foreignModel({
      opset,
      inputs: x,
      nodes: [node('Relu', ['x'], ['y'], {}, 'ai.onnx')],
      outputs: ['y'],
      model: { opsetImport: [{ domain: 'ai.onnx', version: BigInt(opset) }] },
    });
    const session = await ort.InferenceSession.create(exportModel(importModel(bytes)));
    const { y } = await session.run({ x: new ort.Tensor('float32', [-1, 2, -3, 4], [1, 4]) });
    expect(Array.from(y.data as Float32Array)).toEqual([0, 2, 0, 4]);
  });

  it.each([
    ['places', [1, 6], [2]],
    ['an index for each axis', [0, 1, 3, 0], [2, 2]],
  ])('writes out the zeros of sparse initializers, whose indices are %s', async (_, indices, shape) => {
    const sparse = {
      dims: [4n, 2n],
      values: tensorProto(float32([2], [5, 7]), 'w'),
      indices: tensorProto(tensor('int64', shape, BigInt64Array.from(indices, BigInt)), 'w_places'),
    };
    const bytes = foreignModel({
      opset: 17,
      inputs: x,
      nodes: [node('MatMul', ['x', 'w'], ['y'])],
      outputs: ['y'],
      graph: { sparseInitializer: [sparse] },
    });
    for (const file of [bytes, exportModel(importModel(bytes))]) {
      const session = await ort.InferenceSession.create(file);
      const { y } = await session.run({ x: new ort.Tensor('float32', [1, 2, 3, 4], [1, 4]) });
      expect(Array.from(y.data as Float32Array)).toEqual([28, 5]);
    }
    const beyond = { ...sparse, dims: [1n, 2n] };
    const file = foreignModel({
      opset: 17,
      inputs: x,
      nodes: [node('Add', ['x', 'w'], ['y'])],
      outputs: ['y'],
      graph: { sparseInitializer: [beyond] },
    });
    expect(() => importModel(file)).toThrow(
      /is a sparse tensor of shape \[1, 2\] with a value at \d: the file is damaged/,
    );
  });

  it('takes nodes in any order, and says so where they go round in a circle', () => {
    const nodes = [node('Neg', ['a'], ['y']), node('Exp', ['b'], ['a']), node('Relu', ['x'], ['b'])];
    const graph = importModel(foreignModel({ opset: 18, inputs: x, nodes, outputs: ['y'] }));
    expect(graph.nodes.map(({ kind, name }) => [kind, name])).toEqual(
      ['b', 'a', 'y'].map((output) => ['operator', `${output}_node`]),
    );
    nodes[2] = node('Add', ['x', 'y'], ['b']);
    expect(() => importModel(foreignModel({ opset: 18, inputs: x, nodes, outputs: ['y'] }))).toThrow(
      "node 'b_node' (Add) uses the value 'y', but nothing before it in the file computes it",
    );
  });

  it('refuses a file that does not fit together, naming the place', () => {
    const relu = node('Relu', ['x'], ['y']);
    const file = { opset: 18, inputs: x, nodes: [relu], outputs: ['y'] };
    const refuses = (change: object, message: string) =>
      expect(() => importModel(foreignModel({ ...file, ...change }))).toThrow(message);

    refuses({ model: { opsetImport: [] } }, "does not say which version of ONNX's operator set it uses");
    refuses({ nodes: [node('Relu', ['z'], ['y'])] }, "node 'y_node' (Relu) uses the value 'z', but nothing before it");
    refuses({ nodes: [relu, relu] }, "the model has two values named 'y'");
    refuses({ outputs: ['q'] }, "the graph uses the value 'q', but nothing before it in the file computes it");
    refuses({ outputs: [] }, 'the model has no outputs');
    refuses({ nodes: [node('Add', ['x'], ['y'])] }, "node 'y_node' (Add of x float32[N, 4]): input 'B' is missing");
    refuses({ nodes: [node('Softmax', ['x'], ['y'], { axis: int(2) })] }, "node 'y_node' (Softmax of x float32[N, 4])");
    refuses(
      { nodes: [node('Softmax', ['x'], ['y'], { axis: float(1) })] },
      "its attribute 'axis' is a FLOAT, expected INT",
    );
    refuses({ nodes: [node('Cast', ['x'], ['y'], { to: int(DataType.UINT16) })] }, 'element type UINT16');
    refuses(
      {
        initializers: { one: float32([1], [1]), shape: int64Vector([1_000_000, 1_000_000]) },
        nodes: [node('Expand', ['one', 'shape'], ['y'])],
      },
      "node 'y_node' (Expand) makes 'y' of the shape [1000000, 1000000], 1,000,000,000,000 elements, which is more than any memory",
    );
    refuses({ nodes: [node('Constant', [], ['y'])] }, 'holds nothing, expected value, value_float,');
    refuses({ nodes: [node('Gelu', ['x'], ['y'], {}, 'my.own')] }, "does not say which version of 'my.own' it uses");
    refuses(
      { graph: { sparseInitializer: [{ dims: [1n] }] } },
      'is a sparse tensor of shape [1] without values or indices',
    );
    refuses({ inputs: { ...x, w: x.x }, graph: { input: [{ name: 'w' }] } }, "value 'w' is described as nothing");
  });
});

describe('importReadable', () => {
  it('leaves out what cannot be read and what follows from it, and keeps the rest', () => {
    const nodes = [
      node('Relu', ['x'], ['a']),
      node('Strange', ['a'], ['b', 'c'], {}, 'some.where'),
      node('Neg', ['a'], ['d']),
      node('Add', ['b', 'd'], ['e']),
      node('Mul', ['d', 'w'], ['f']),
      node('Exp', ['d'], ['g']),
    ];
    const graph = {
      initializer: [create(TensorProtoSchema, { name: 'w', dims: [4n], dataType: DataType.UINT16 })],
    };
    const outputs = ['e', 'g'];
    const { graph: read, unread } = importReadable(
      decodeModel(foreignModel({ opset: 18, inputs: x, nodes, outputs, graph })),
    );
    expect(read.nodes.map(({ op }) => op)).toEqual(['Relu', 'Neg', 'Exp']);
    expect([...read.outputs.keys()]).toEqual(['g']);
    const strange = "node 'b_node' (Strange): the file does not say which version of 'some.where' it uses";
    const [a, d] = [0, 1].map((place) => read.nodes[place].outputs[0]);
    expect(unread).toEqual([
      { name: 'b_node', op: 'Strange', reason: strange, follows: false, inputs: [a], outputs: ['b', 'c'], place: 1 },
      { name: 'e_node', op: 'Add', reason: strange, follows: true, inputs: ['b', d], outputs: ['e'], place: 2 },
      {
        name: 'f_node',
        op: 'Mul',
        reason: expect.stringContaining("initializer 'w'"),
        follows: true,
        inputs: [d, 'w'],
        outputs: ['f'],
        place: 2,
      },
    ]);
  });

  it('reads as importModel does where everything can be read', () => {
    const bytes = foreignModel({ opset: 18, inputs: x, nodes: [node('Relu', ['x'], ['y'])], outputs: ['y'] });
    const { graph, unread } = importReadable(decodeModel(bytes));
    expect(printGraph(graph)).toBe(printGraph(importModel(bytes)));
    expect(unread).toEqual([]);
  });
});
