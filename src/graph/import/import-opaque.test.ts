import { create } from '@bufbuild/protobuf';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import {
  type ForeignFile,
  foreignModel,
  halfPrecision,
  int,
  ints,
  node,
  text,
} from '../../../test/fixtures/foreign-model.ts';
import { printGraph } from '../../../test/oracles/print-graph.ts';
import { exportModel } from '../export/export-model.ts';
import { decodeModel } from '../onnx/decode-model.ts';
import {
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  GraphProtoSchema,
} from '../onnx/onnx_pb.ts';
import { float32, int64Vector, tensor } from '../tensor/tensor.ts';
import { importModel } from './import-model.ts';

const inputs = { x: ['float32', [2, 3]] } as const;
const outputs = { y: ['float32', [2, 3]] } as const;
const x = new ort.Tensor('float32', [-3, 1, 4, 2.5, -2, 0], [2, 3]);

/** What both the file and our copy of it make of x. */
async function runBoth(file: ForeignFile): Promise<readonly [number[], number[]]> {
  const run = async (bytes: Uint8Array) => {
    const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 4 });
    return Array.from((await session.run({ x })).y.data as Float32Array);
  };
  const bytes = foreignModel(file);
  return [await run(bytes), await run(exportModel(importModel(bytes)))];
}

const opsetOf = (file: ForeignFile) =>
  Number(decodeModel(exportModel(importModel(foreignModel(file)))).opsetImport[0].version);

describe('opaque nodes', () => {
  it('keep an operator that is not of our set, with its attributes', async () => {
    const file = {
      opset: 18,
      inputs,
      nodes: [node('ThresholdedRelu', ['x'], ['y'], { alpha: { kind: 'float', value: 2 } as const })],
      outputs,
    };
    const graph = importModel(foreignModel(file));
    expect(printGraph(graph)).toContain('y: float32[2, 3] = ThresholdedRelu(x) opaque');
    expect(await runBoth(file)).toEqual([
      [0, 0, 4, 2.5, 0, 0],
      [0, 0, 4, 2.5, 0, 0],
    ]);
  });

  it('keep an Expand to an axis of open length, whose shape is known by name', async () => {
    const file: ForeignFile = {
      opset: 17,
      inputs: { x: ['float32', ['N', 3]] },
      initializers: { token: float32([1, 3], [10, 20, 30]), places: tensor('int64', [1], BigInt64Array.of(0n)) },
      nodes: [
        node('Shape', ['x'], ['shape']),
        node('Gather', ['shape', 'places'], ['batch']),
        node('Concat', ['batch', 'width'], ['wanted'], { axis: int(0) }),
        node('Expand', ['token', 'wanted'], ['tokens']),
        node('Add', ['tokens', 'x'], ['y']),
      ],
      outputs: { y: ['float32', ['N', 3]] },
    };
    const whole = {
      ...file,
      initializers: { ...file.initializers, width: tensor('int64', [1], BigInt64Array.of(3n)) },
    };
    expect(printGraph(importModel(foreignModel(whole)))).toContain(
      'tokens: float32[N, 3] = Expand(token, wanted) opaque',
    );
    expect(await runBoth(whole)).toEqual([
      [7, 21, 34, 12.5, 18, 30],
      [7, 21, 34, 12.5, 18, 30],
    ]);
  });

  it('keep an operator of another domain, with the version that the file uses', async () => {
    const file = {
      opset: 18,
      inputs,
      nodes: [node('QuickGelu', ['x'], ['h'], {}, 'com.microsoft'), node('Relu', ['h'], ['y'])],
      outputs,
      described: { h: ['float32', [2, 3]] } as const,
      model: { opsetImport: [{ version: 18n }, { domain: 'com.microsoft', version: 1n }] },
    };
    const [expected, found] = await runBoth(file);
    expect(found).toEqual(expected);
    expect(expected[2]).toBeCloseTo(4, 1);
  });

  it('keep a use of an operator that our set does not have', async () => {
    const dilated = node('AveragePool', ['x'], ['y'], { kernel_shape: ints(2), dilations: ints(2) });
    const file = {
      opset: 19,
      inputs: { x: ['float32', [1, 2, 5]] } as const,
      nodes: [dilated],
      outputs: { y: ['float32', [1, 2, 3]] } as const,
    };
    expect(printGraph(importModel(foreignModel(file)))).toContain('AveragePool(x) opaque');
    // That definition came with opset 19, so 18 would not do.
    expect(opsetOf(file)).toBe(20);
    const computed = node('Expand', ['x', 'lengths'], ['y']);
    const nodes = [
      node('NonZero', ['x'], ['places']),
      node('ReduceMax', ['places'], ['lengths'], { keepdims: int(0) }),
      computed,
    ];
    const described = { places: ['int64', [2, 'found']], lengths: ['int64', []] } as const;
    expect(() => importModel(foreignModel({ opset: 13, inputs, nodes, outputs: ['y'], described }))).toThrow(
      "node 'y_node' (Expand) can only be kept as it is, because the value 'lengths', which decides its output's shape, is " +
        "only known as the graph runs; but value 'y' has no shape in the file: run ONNX shape inference on the model first",
    );
  });

  it('know the type of what says something of each element, whatever the file says of its axes', () => {
    const nodes = [node('IsNaN', ['x'], ['odd']), node('Where', ['odd', 'zero', 'x'], ['y'])];
    const described = { odd: ['bool', ['unnamed', 3]] } as const;
    const file = foreignModel({
      opset: 18,
      inputs: { x: ['float32', ['N', 3]] },
      initializers: { zero: float32([], [0]) },
      nodes,
      outputs,
      described,
    });
    expect(importModel(file).outputs.get('y')!.shape).toEqual(['N', 3]);
  });

  it('move to opset 20 where the operator is as old as that, and not beyond', () => {
    const maps = {
      inputs: { x: ['float32', [2, 2, 3]] },
      initializers: { size: int64Vector([2, 1, 2, 3]) },
      outputs: { y: ['float32', [2, 2, 3, 2]] },
    } as const;
    const grid = { ...maps, nodes: [node('AffineGrid', ['x', 'size'], ['y'])] };
    expect(opsetOf({ ...grid, opset: 20 })).toBe(20);
    expect(opsetOf({ ...grid, opset: 22 })).toBe(20);
    expect(() =>
      importModel(foreignModel({ opset: 22, inputs, nodes: [node('QLinearMatMul', ['x'], ['y'])], outputs })),
    ).toThrow(
      "node 'y_node' (QLinearMatMul) can only be kept as it is, because QLinearMatMul is not an operator of our set; but it, or a node inside " +
        "it, is defined differently in the operator sets that can be written (18 and 20) than in the file's (22)",
    );
    expect(() =>
      importModel(foreignModel({ opset: 18, inputs, nodes: [node('Nothing', ['x'], ['y'])], outputs })),
    ).toThrow('Nothing is not an operator of our set');
    const mixed = [
      node('AveragePool', ['x'], ['h'], { kernel_shape: ints(1), auto_pad: text('VALID') }),
      node('AffineGrid', ['h', 'size'], ['y']),
    ];
    expect(opsetOf({ ...maps, opset: 20, nodes: mixed })).toBe(20);
  });

  it('need the types of their outputs from the file', () => {
    const nodes = [node('Det', ['x'], ['h']), node('Relu', ['h'], ['y'])];
    expect(() => importModel(foreignModel({ opset: 18, inputs, nodes, outputs }))).toThrow(
      "but the file does not say the type and shape of its output 'h' (onnxruntime.tools.symbolic_shape_infer with --auto_merge",
    );
    const graph = { valueInfo: [halfPrecision('h')] };
    expect(() => importModel(foreignModel({ opset: 18, inputs, nodes, outputs, graph }))).toThrow(
      'it works in half precision, which is read as float32: convert the model to float32 first',
    );
  });

  it('need no types where the operator gives what it takes another value', () => {
    const nodes = [node('Selu', ['x'], ['h']), node('Gelu', ['h'], ['y'], {}, 'com.microsoft')];
    const model = { opsetImport: [{ version: 18n }, { domain: 'com.microsoft', version: 1n }] };
    const graph = importModel(foreignModel({ opset: 18, inputs, nodes, outputs: ['y'], model }));
    const [x] = graph.inputs;
    expect(graph.nodes.map(({ kind, outputs: [{ type, shape }] }) => [kind, type, shape])).toEqual([
      ['opaque', x.type, x.shape],
      ['opaque', x.type, x.shape],
    ]);
  });

  describe('with subgraphs', () => {
    const branch = (opType: string, from: string) =>
      create(GraphProtoSchema, {
        name: opType,
        node: [
          { opType: 'Constant', output: ['c'], attribute: [{ name: 'value_float', type: AttributeType.FLOAT, f: 3 }] },
          { opType, input: [from], output: ['r'] },
        ],
        output: [{ name: 'r', type: { value: { case: 'tensorType', value: { elemType: DataType.FLOAT } } } }],
      });
    const file = (opset: number, from: string, op = 'Neg'): ForeignFile => ({
      opset,
      inputs,
      initializers: { yes: tensor('bool', [], Uint8Array.of(1)) },
      nodes: [
        {
          opType: 'If',
          name: 'choice',
          input: ['yes'],
          output: ['h'],
          attribute: [
            { name: 'then_branch', type: AttributeType.GRAPH, g: branch(op, from) },
            { name: 'else_branch', type: AttributeType.GRAPH, g: branch('Abs', from) },
          ],
        },
        node('Add', ['x', 'h'], ['y']),
      ],
      outputs,
      described: { h: ['float32', []] },
    });

    it('are kept if they stand alone', async () => {
      const expected = [-6, -2, 1, -0.5, -5, -3];
      expect(await runBoth(file(16, 'c'))).toEqual([expected, expected]);
    });

    it('are refused if they read from the graph around them', () => {
      expect(() => importModel(foreignModel(file(16, 'x')))).toThrow(
        "node 'choice' (If) can only be kept as it is, because If is not an operator of our set; but its subgraph reads 'x' " +
          'from the graph around it, which is not supported',
      );
    });

    it('are refused if a node inside has another meaning in the opsets that are written', () => {
      expect(() => importModel(foreignModel(file(22, 'c', 'QLinearMatMul')))).toThrow(
        'it, or a node inside it, is defined differently',
      );
    });
  });

  it('that need different opsets cannot be in one file', () => {
    const graph = importModel(foreignModel({ opset: 18, inputs, nodes: [node('Identity', ['x'], ['y'])], outputs }));
    const [a] = graph.applyOpaque(
      { op: 'AveragePool', domain: '', opset: 12, inputs: [graph.inputs[0]], attributes: [], name: 'old' },
      [{ type: 'float32', shape: [2, 3] }],
    );
    const [b] = graph.applyOpaque({ op: 'Gelu', domain: '', opset: 20, inputs: [a], attributes: [], name: 'new' }, [
      { type: 'float32', shape: [2, 3] },
    ]);
    graph.output('z', b);
    expect(() => exportModel(graph)).toThrow(
      "the graph fits no operator set that can be written: 18 does not suit 'new' (Gelu), 20 does not suit 'old' (AveragePool)",
    );
    const two = importModel(foreignModel({ opset: 18, inputs, nodes: [node('Identity', ['x'], ['y'])], outputs }));
    for (const opset of [1, 2]) {
      const foreign = { op: 'F', domain: 'my.own', opset, inputs: [two.inputs[0]], attributes: [], name: `f${opset}` };
      two.output(`z${opset}`, two.applyOpaque(foreign, [{ type: 'float32', shape: [] }])[0]);
    }
    expect(() => exportModel(two)).toThrow("node 'f2' needs version 2 of 'my.own', another node version 1");
  });

  it('may leave out their last outputs', () => {
    const nodes = [node('Unique', ['v'], ['y', '', ''])];
    const initializers = { v: float32([3], [2, 1, 2]) };
    const graph = importModel(foreignModel({ opset: 18, initializers, nodes, outputs: { y: ['float32', ['found']] } }));
    expect(graph.nodes[0].outputs.map(({ name, shape }) => [name, shape])).toEqual([['y', ['found']]]);
  });
});
