import type { MessageInitShape } from '@bufbuild/protobuf';
import { create } from '@bufbuild/protobuf';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { float, foreignModel, int, node } from '../../../test/fixtures/foreign-model.ts';
import { exportModel } from '../export/export-model.ts';
import { encodeAttribute } from '../onnx/encode-attribute.ts';
import type { FunctionProtoSchema, NodeProtoSchema } from '../onnx/onnx_pb.ts';
import { type AttributeProto, AttributeProto_AttributeType, AttributeProtoSchema } from '../onnx/onnx_pb.ts';
import { importModel } from './import-model.ts';

type Node = MessageInitShape<typeof NodeProtoSchema>;
type Function = MessageInitShape<typeof FunctionProtoSchema>;

/** An attribute of a node in a function that is what the call says. */
function given(name: string, refAttrName: string, type: AttributeProto['type']): AttributeProto {
  return create(AttributeProtoSchema, { name, refAttrName, type });
}

const mine = (version: bigint) => [
  { domain: '', version },
  { domain: 'mine', version: 1n },
];
const { FLOAT } = AttributeProto_AttributeType;

const leaky: Function = {
  name: 'Leaky',
  domain: 'mine',
  input: ['a', 'b'],
  output: ['sum', 'bent', 'a'],
  attributeProto: [encodeAttribute('slope', { kind: 'float', value: 0.25 })],
  node: [
    { ...node('LeakyRelu', ['a'], ['t']), attribute: [given('alpha', 'slope', FLOAT)] },
    node('Neg', ['t'], ['bent']),
    node('Add', ['bent', 'b'], ['sum']),
  ],
  opsetImport: mine(17n),
};
/** Calls the other twice, once without asking for all; written in an older operator set, whose Clip has attributes. */
const twice: Function = {
  name: 'Twice',
  domain: 'mine',
  attribute: ['steep'],
  input: ['v', 'unused'],
  output: ['w'],
  node: [
    {
      ...node('Leaky', ['v', 'v'], ['p', '', 'same'], {}, 'mine'),
      attribute: [given('slope', 'steep', FLOAT)],
    },
    node('Leaky', ['p', 'same'], ['q'], {}, 'mine'),
    node('Clip', ['q'], ['w'], { min: float(-1), max: float(1.5) }),
  ],
  opsetImport: mine(9n),
};

function model(nodes: readonly Node[], functions: readonly Function[]): Uint8Array {
  const inputs = { x: ['float32', [1, 4]] } as const;
  return foreignModel({
    opset: 17,
    inputs,
    nodes,
    outputs: ['y'],
    model: { opsetImport: mine(17n), functions: [...functions] },
  });
}

async function run(bytes: Uint8Array): Promise<number[]> {
  const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 4 });
  const { y } = await session.run({ x: new ort.Tensor('float32', [-2, 3, -0.5, 0.75], [1, 4]) });
  await session.release();
  return Array.from(y.data as Float32Array);
}

describe("a file's own functions", () => {
  it('are written out where they are called: attributes, defaults, inputs and outputs that are left out', async () => {
    const nodes = [node('Twice', ['x'], ['y'], { steep: float(0.5) }, 'mine')];
    // onnxruntime takes no function of another operator set: that half is compared with the formula.
    const leak = (value: number, slope: number) => (value < 0 ? slope * value : value);
    const expected = [-2, 3, -0.5, 0.75].map((value) => {
      const p = -leak(value, 0.5) + value;
      return Math.min(1.5, Math.max(-1, -leak(p, 0.25) + value));
    });
    expect(await run(exportModel(importModel(model(nodes, [twice, leaky]))))).toEqual(expected);
  });

  it('give what onnxruntime makes of them', async () => {
    // It takes none whose output is one of its inputs, nor another operator set than the model's, nor a call that does not ask for all.
    const bent: Function = { ...leaky, output: ['sum', 'bent'] };
    const calls: Node[] = [
      { ...node('Leaky', ['v', 'v'], ['p', 'r'], {}, 'mine'), attribute: [given('slope', 'steep', FLOAT)] },
      node('Leaky', ['p', 'r'], ['w', 'rest'], {}, 'mine'),
    ];
    const same: Function = { ...twice, input: ['v'], node: calls, opsetImport: mine(17n) };
    const call = (from: string, to: string, steep: number) =>
      node('Twice', [from], [to], { steep: float(steep) }, 'mine');
    const bytes = model([call('x', 'p', 0.5), call('p', 'y', 2)], [same, bent]);
    expect(await run(exportModel(importModel(bytes)))).toEqual(await run(bytes));
  });

  it('keep apart what two calls compute, and what the file calls the same', () => {
    const nodes = [
      node('Abs', ['x'], ['y/t']),
      node('Leaky', ['x', 'y/t'], ['y'], {}, 'mine'),
      node('Leaky', ['y', 'y'], ['z'], {}, 'mine'),
    ];
    const graph = importModel(model(nodes, [leaky]));
    const names = graph.nodes.flatMap(({ outputs }) => outputs.map(({ name }) => name));
    expect(new Set(names).size).toBe(names.length);
  });

  it('are refused where they never end', () => {
    const endless: Function = { ...leaky, node: [node('Leaky', ['a', 'b'], ['sum'], {}, 'mine')] };
    const calls = [node('Leaky', ['x', 'x'], ['y'], {}, 'mine')];
    expect(() => importModel(model(calls, [endless]))).toThrow("the model's function 'Leaky' calls itself");
    const doubled = Array.from({ length: 20 }, (_, place): Function => {
      const inner = place === 0 ? node('Neg', ['a'], ['b']) : node(`F${place - 1}`, ['a'], ['b'], {}, 'mine');
      const second = place === 0 ? node('Neg', ['b'], ['c']) : node(`F${place - 1}`, ['b'], ['c'], {}, 'mine');
      return { ...leaky, name: `F${place}`, input: ['a'], output: ['c'], node: [inner, second] };
    });
    expect(() => importModel(model([node('F19', ['x'], ['y'], { n: int(1) }, 'mine')], doubled))).toThrow(
      'more than 100,000 nodes once its functions are written out',
    );
  });
});
