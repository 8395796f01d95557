import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { Graph, type Value } from '../builder/graph.ts';
import { constantOf, producerOf } from '../builder/value.ts';
import { exportModel } from '../export/export-model.ts';
import type { AttributesToGive, OperatorName } from '../operators/operator.ts';
import { float32, int64Vector, type Tensor, tensor, toNumbers } from '../tensor/tensor.ts';
import type { Element } from './element-rules.ts';
import { KnownElements } from './known-elements.ts';

/** What is known of the output of one operator. */
function learn<Op extends OperatorName>(
  known: KnownElements,
  op: Op,
  inputs: Value[],
  attributes: AttributesToGive<Op>,
) {
  const [output] = inputs[0].graph.apply(op, inputs, attributes);
  const node = producerOf(output);
  if (node?.kind === 'operator') known.learn(node);
  return output;
}

const int64 = (...values: number[]) => int64Vector(values);
/** A matrix of two columns. */
const matrix = (...values: number[]) => tensor('int64', [values.length / 2, 2], BigInt64Array.from(values, BigInt));
const scalar = (value: number) => tensor('int64', [], BigInt64Array.of(BigInt(value)));
const bools = (...values: number[]) => tensor('bool', [values.length], Uint8Array.from(values));

type Case = { [Op in OperatorName]: readonly [Op, readonly Tensor[], AttributesToGive<Op>] }[OperatorName];

const cases: readonly Case[] = [
  ['Shape', [float32([2, 3, 4], new Array(24).fill(0))], { start: -2 }],
  ['Shape', [float32([2, 3, 4], new Array(24).fill(0))], { start: 0, end: -1 }],
  ['Gather', [int64(5, 6, 7), int64(-1, 0)], {}],
  ['Gather', [int64(5, 6, 7), scalar(1)], {}],
  ['Slice', [int64(5, 6, 7, 8), int64(-3), int64(2 ** 40)], {}],
  ['Slice', [int64(5, 6, 7, 8), int64(1), int64(-1), int64(0), int64(1)], {}],
  ['Slice', [int64(5, 6, 7, 8), int64(-1), int64(-(2 ** 40)), int64(0), int64(-1)], {}],
  ['Slice', [int64(5, 6, 7, 8), int64(2), int64(0), int64(0), int64(-2)], {}],
  ['Slice', [int64(5, 6, 7, 8), int64(0), int64(2 ** 40), int64(0), int64(3)], {}],
  ['Slice', [matrix(5, 6, 7, 8, 9, 10), int64(-1), int64(-(2 ** 40)), int64(0), int64(-1)], {}],
  ['Slice', [matrix(5, 6, 7, 8, 9, 10), int64(1), int64(3)], {}],
  ['Slice', [int64(5, 6, 7, 8), int64(1), int64(-1), int64(-1)], {}],
  ['Slice', [matrix(5, 6, 7, 8, 9, 10), int64(1), int64(3), int64(-2)], {}],
  ['Transpose', [matrix(5, 6, 7, 8, 9, 10)], { perm: [1, 0] }],
  ['Transpose', [matrix(5, 6, 7, 8, 9, 10)], { perm: [0, 1] }],
  ['Transpose', [matrix(5, 6, 7, 8, 9, 10)], {}],
  ['Reshape', [matrix(5, 6, 7, 8, 9, 10), int64(-1)], {}],
  ['Concat', [int64(1, 2), int64(), int64(3)], { axis: 0 }],
  ['Identity', [int64(4)], {}],
  ['Squeeze', [int64(4), int64(0)], {}],
  ['Unsqueeze', [scalar(4), int64(0)], {}],
  ['Reshape', [scalar(4), int64(-1)], {}],
  ['Cast', [float32([4], [2.7, -2.7, 0, 0.5])], { to: 'int64' }],
  ['Cast', [float32([3], [2.5, 0, -1])], { to: 'bool' }],
  ['Cast', [tensor('float64', [1], Float64Array.of(0.1))], { to: 'float32' }],
  ['Floor', [float32([2], [1.5, -1.5])], {}],
  ['Ceil', [float32([2], [1.5, -1.5])], {}],
  ['Neg', [int64(3, -4)], {}],
  ['Pow', [float32([2], [16, 9]), float32([], [0.5])], {}],
  ['Sqrt', [float32([2], [256, 2.25])], {}],
  ['Add', [int64(3, -4), scalar(2)], {}],
  ['Sub', [scalar(2), int64(3, -4)], {}],
  ['Mul', [float32([2], [0.1, 3]), float32([1], [0.7])], {}],
  ['Div', [int64(7, -7, 6), int64(2)], {}],
  ['Div', [float32([1], [1]), float32([1], [3])], {}],
  ['Equal', [int64(1, 2, -1), int64(1, 1, -1)], {}],
  ['Where', [bools(1, 0, 1), int64(1, 2, 3), scalar(9)], {}],
  ['Where', [bools(0), int64(1, 2, 3), int64(4, 5, 6)], {}],
  ['Expand', [scalar(4), int64(3)], {}],
];

describe('KnownElements', () => {
  it.each(cases)('knows what onnxruntime computes: %s of %o, %o', async (op, inputs, attributes) => {
    const graph = new Graph();
    const known = new KnownElements();
    const constants = inputs.map((each) => graph.constant(each));
    const output = learn(known, op, constants, attributes as AttributesToGive<OperatorName>);
    graph.output('y', output);
    const session = await ort.InferenceSession.create(exportModel(graph), { logSeverityLevel: 4 });
    const { y } = await session.run({});
    const expected = Array.from(y.data as ArrayLike<unknown>, Number);
    // A matrix is only known on its way to a vector.
    expect(known.of(output)).toEqual(y.dims.length < 2 ? expected : undefined);
    const constant = constantOf(known.asConstant(output));
    expect([constant?.type, constant?.shape]).toEqual([y.type, y.dims]);
    expect(toNumbers(constant!)).toEqual(expected);
  });

  it('carries named lengths as far as they stay the same', () => {
    const graph = new Graph();
    const known = new KnownElements();
    const constant = (each: Tensor) => graph.constant(each);
    const x = graph.input('x', 'float32', ['N', 3, 'W']);
    const shape = learn(known, 'Shape', [x], {});
    const of = (value: Value): readonly Element[] | undefined => known.of(value);
    expect(of(shape)).toEqual(['N', 3, 'W']);
    expect(known.asConstant(shape)).toBeUndefined();
    expect(of(learn(known, 'Gather', [shape, constant(int64(2, 0))], {}))).toEqual(['W', 'N']);
    expect(of(learn(known, 'Concat', [shape, constant(int64(-1))], { axis: 0 }))).toEqual(['N', 3, 'W', -1]);
    expect(of(learn(known, 'Cast', [shape], { to: 'float32' }))).toEqual(['N', 3, 'W']);
    expect(of(learn(known, 'Cast', [shape], { to: 'bool' }))).toEqual([undefined, 1, undefined]);
    expect(of(learn(known, 'Mul', [shape, constant(int64(1))], {}))).toEqual(['N', 3, 'W']);
    expect(of(learn(known, 'Mul', [constant(int64(1)), shape], {}))).toEqual(['N', 3, 'W']);
    const twice = learn(known, 'Mul', [shape, constant(int64(2))], {});
    expect(of(twice)).toEqual(['2*N', 6, '2*W']);
    expect(of(learn(known, 'Div', [twice, shape], {}))).toEqual([2, 2, 2]);
    expect(of(learn(known, 'Div', [twice, constant(int64(2))], {}))).toEqual(['N', 3, 'W']);
    expect(of(learn(known, 'Div', [twice, constant(int64(4))], {}))).toEqual([undefined, 1, undefined]);
    expect(of(learn(known, 'Mul', [shape, constant(int64(-1))], {}))).toEqual([undefined, -3, undefined]);
    expect(of(learn(known, 'Add', [shape, twice], {}))).toEqual(['3*N', 9, '3*W']);
    expect(of(learn(known, 'Sub', [shape, shape], {}))).toEqual([0, 0, 0]);
    expect(of(learn(known, 'Sub', [shape, constant(int64(0))], {}))).toEqual(['N', 3, 'W']);
    expect(of(learn(known, 'Sub', [constant(int64(0)), shape], {}))).toEqual([undefined, -3, undefined]);
    expect(of(learn(known, 'Neg', [shape], {}))).toEqual([undefined, -3, undefined]);
    // A length is not negative, but may be 5.
    expect(of(learn(known, 'Equal', [shape, constant(int64(-1))], {}))).toEqual([0, 0, 0]);
    expect(of(learn(known, 'Equal', [shape, constant(int64(5))], {}))).toEqual([undefined, 0, undefined]);
    expect(of(learn(known, 'Equal', [shape, shape], {}))).toEqual([1, 1, 1]);
    // Both names may stand for one number.
    const turned = learn(known, 'Gather', [shape, constant(int64(2, 1, 0))], {});
    expect(of(learn(known, 'Equal', [shape, turned], {}))).toEqual([undefined, 1, undefined]);
  });

  it('knows nothing of what comes from outside, is long or is a matrix', () => {
    const graph = new Graph();
    const known = new KnownElements();
    const given = graph.input('given', 'int64', [2]);
    const one = graph.constant(int64(1));
    expect(known.of(learn(known, 'Add', [given, one], {}))).toBeUndefined();
    const joined = learn(known, 'Concat', [given, one], { axis: 0 });
    expect(known.of(joined)).toEqual([undefined, undefined, 1]);
    expect(known.asConstant(joined)).toBeUndefined();
    const long = graph.constant(int64Vector(new Array(65).fill(1)));
    expect(known.of(learn(known, 'Add', [long, one], {}))).toBeUndefined();
    const matrix = graph.constant(float32([1, 1], [1]));
    expect(known.of(learn(known, 'Neg', [matrix], {}))).toBeUndefined();
    expect(known.of(learn(known, 'Div', [one, graph.constant(int64(0))], {}))).toEqual([undefined]);
    // 2^60 is not exact as a number.
    const huge = graph.constant(tensor('int64', [1], BigInt64Array.of(2n ** 60n)));
    expect(known.asConstant(learn(known, 'Add', [huge, one], {}))).toBeUndefined();
  });
});
