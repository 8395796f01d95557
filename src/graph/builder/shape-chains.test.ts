import fc from 'fast-check';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { foreignModel, int, ints, node, text } from '../../../test/fixtures/foreign-model.ts';
import { exportModel } from '../export/export-model.ts';
import { neededParts } from '../export/needed.ts';
import { importModel } from '../import/import-model.ts';
import type { Shape } from '../tensor/shape.ts';
import { float32, int64Vector, tensor } from '../tensor/tensor.ts';
import { constantOf, producerOf } from './value.ts';

type Nodes = ReturnType<typeof node>[];

/** Lengths in the shape of x, put together as exporters do it: Shape, Gather a place, Unsqueeze, Concat. */
const length = (name: string, place: number): Nodes => [
  node('Constant', [], [`${name}.place`], { value: tensor('int64', [], BigInt64Array.of(BigInt(place))) }),
  node('Shape', ['x'], [`${name}.shape`]),
  node('Gather', [`${name}.shape`, `${name}.place`], [`${name}.scalar`], { axis: int(0) }),
  node('Unsqueeze', [`${name}.scalar`], [name], { axes: ints(0) }),
];
const vector = (name: string, ...values: number[]) => node('Constant', [], [name], { value: int64Vector(values) });
const slice = (input: string, output: string, start: number, end: number): Nodes => [
  vector(`${output}.start`, start),
  vector(`${output}.end`, end),
  node('Slice', [input, `${output}.start`, `${output}.end`], [output]),
];
/** The length of x's first axis as a vector, in the words of every operator set. */
const batchAsVector: Nodes = [
  node('Shape', ['x'], ['whole']),
  vector('first', 0),
  node('Gather', ['whole', 'first'], ['n'], { axis: int(0) }),
];
const concat = (inputs: string[], output: string) => node('Concat', inputs, [output], { axis: int(0) });

interface Case {
  readonly shape: Shape;
  readonly x: readonly number[];
  /** Default: 12. */
  readonly opset?: number;
  readonly nodes: Nodes;
  readonly output: Shape;
  /** What the node that makes y is, and the constant behind its first input, where one is expected. */
  readonly op: string;
  readonly constant?: readonly number[];
}

const cases: Readonly<Record<string, Case>> = {
  'keeping the batch and flattening the rest': {
    shape: ['N', 2, 3],
    x: [4, 2, 3],
    nodes: [...length('n', 0), vector('rest', -1), concat(['n', 'rest'], 's'), node('Reshape', ['x', 's'], ['y'])],
    output: ['N', 6],
    op: 'Reshape',
    constant: [0, 6],
  },
  'keeping the batch, with allowzero written out': {
    shape: ['N', 2, 3],
    x: [4, 2, 3],
    opset: 17,
    nodes: [
      ...batchAsVector,
      vector('rest', -1),
      concat(['n', 'rest'], 's'),
      node('Reshape', ['x', 's'], ['y'], { allowzero: int(0) }),
    ],
    output: ['N', 6],
    op: 'Reshape',
    constant: [0, 6],
  },
  'keeping the batch, where a 0 would be a length': {
    shape: ['N', 2, 3],
    x: [4, 2, 3],
    opset: 17,
    nodes: [
      ...batchAsVector,
      vector('rest', -1),
      concat(['n', 'rest'], 's'),
      node('Reshape', ['x', 's'], ['y'], { allowzero: int(1) }),
    ],
    output: ['N', 6],
    op: 'Reshape',
    constant: [0, 6],
  },
  'merging heads into the batch and taking them out again': {
    shape: ['N', 6, 5],
    x: [4, 6, 5],
    nodes: [
      ...length('n', 0),
      vector('heads', 2),
      node('Mul', ['n', 'heads'], ['merged']),
      vector('open', -1),
      vector('five', 5),
      concat(['merged', 'open', 'five'], 's'),
      node('Reshape', ['x', 's'], ['m']),
      node('Shape', ['m'], ['m.shape']),
      ...slice('m.shape', 'm.batch', 0, 1),
      node('Div', ['m.batch', 'heads'], ['back']),
      vector('rest', 2, 3, 5),
      concat(['back', 'rest'], 't'),
      node('Reshape', ['m', 't'], ['y']),
    ],
    output: ['N', 2, 3, 5],
    op: 'Reshape',
    constant: [-1, 2, 3, 5],
  },
  'rounding up to whole windows, with remainders': {
    shape: ['N', 5, 6],
    x: [2, 5, 6],
    nodes: [
      ...length('h', 1),
      vector('window', 4),
      node('Mod', ['h', 'window'], ['rest']),
      node('Sub', ['window', 'rest'], ['missing']),
      node('Mod', ['missing', 'window'], ['pad']),
      vector('zeros', 0, 0, 0, 0),
      vector('last', 0),
      concat(['zeros', 'pad', 'last'], 'pads'),
      node('Pad', ['x', 'pads'], ['padded']),
      node('Size', ['window'], ['one']),
      node('Unsqueeze', ['one'], ['ones'], { axes: ints(0) }),
      vector('open', -1),
      vector('eight', 8),
      vector('six', 6),
      concat(['open', 'ones', 'eight', 'six'], 's'),
      node('Reshape', ['padded', 's'], ['y']),
    ],
    output: ['N', 1, 8, 6],
    op: 'Reshape',
    constant: [-1, 1, 8, 6],
  },
  'a batch that is not where it was': {
    shape: ['N', 2, 3],
    x: [4, 2, 3],
    nodes: [
      ...length('n', 0),
      vector('rest', 6),
      concat(['rest', 'n'], 's'),
      node('Transpose', ['x'], ['t'], { perm: ints(1, 2, 0) }),
      node('Reshape', ['t', 's'], ['y']),
    ],
    output: [6, 'N'],
    op: 'Reshape',
    constant: [6, -1],
  },
  'lengths that are all known, multiplied and divided': {
    shape: [2, 6, 4],
    x: [2, 6, 4],
    nodes: [
      ...length('a', 0),
      ...length('b', -1),
      vector('two', 2),
      node('Mul', ['a', 'b'], ['ab']),
      node('Div', ['ab', 'two'], ['half']),
      node('Sub', ['half', 'two'], ['less']),
      node('Add', ['less', 'b'], ['c']),
      vector('rest', -1),
      concat(['c', 'rest'], 's'),
      node('Reshape', ['x', 's'], ['y']),
    ],
    output: [6, 8],
    op: 'Reshape',
    constant: [6, -1],
  },
  'a copy of a shape, cut in two and joined': {
    shape: ['N', 3, 2],
    x: [5, 3, 2],
    nodes: [
      node('Shape', ['x'], ['whole']),
      ...slice('whole', 'first', 0, 1),
      ...slice('whole', 'last', -1, 2 ** 40),
      vector('three', 3),
      concat(['first', 'last', 'three'], 's'),
      node('Reshape', ['x', 's'], ['y']),
    ],
    output: ['N', 2, 3],
    op: 'Reshape',
    constant: [0, 2, 3],
  },
  'expanding to the shape of x, with -1 for lengths to keep': {
    shape: ['N', 3],
    x: [4, 3],
    nodes: [
      ...length('n', 0),
      vector('open', -1),
      concat(['n', 'open'], 'wanted'),
      node('Shape', ['wanted'], ['rank']),
      node('ConstantOfShape', ['rank'], ['ones'], { value: tensor('int64', [1], BigInt64Array.of(1n)) }),
      vector('minus', -1),
      node('Mul', ['ones', 'minus'], ['negative']),
      node('Equal', ['wanted', 'negative'], ['kept']),
      node('Where', ['kept', 'ones', 'wanted'], ['s']),
      node('Expand', ['x', 's'], ['y']),
    ],
    output: ['N', 3],
    op: 'Expand',
    constant: [1, 1],
  },
  'resizing to sizes that keep the batch': {
    shape: ['N', 2, 4, 6],
    x: [3, 2, 4, 6],
    nodes: [
      node('Shape', ['x'], ['whole']),
      ...slice('whole', 'kept', 0, 2),
      vector('sizes', 7, 9),
      concat(['kept', 'sizes'], 's'),
      node('Constant', [], ['none'], { value: float32([0], []) }),
      node('Resize', ['x', 'none', 'none', 's'], ['y'], { mode: text('linear') }),
    ],
    output: ['N', 2, 7, 9],
    op: 'Resize',
  },
  'resizing by a factor, reckoned in float32': {
    shape: [1, 1, 5, 3],
    x: [1, 1, 5, 3],
    nodes: [
      ...length('h', 2),
      node('Cast', ['h'], ['h.float'], { to: int(1) }),
      node('Constant', [], ['factor'], { value: float32([], [1.5]) }),
      node('Mul', ['h.float', 'factor'], ['h.scaled']),
      node('Floor', ['h.scaled'], ['h.floor']),
      node('Cast', ['h.floor'], ['h.new'], { to: int(7) }),
      vector('front', 1, 1),
      vector('w', 6),
      concat(['front', 'h.new', 'w'], 's'),
      node('Constant', [], ['none'], { value: float32([0], []) }),
      node('Resize', ['x', 'none', 'none', 's'], ['y'], { mode: text('nearest') }),
    ],
    output: [1, 1, 7, 6],
    op: 'Resize',
  },
  'padding, slicing and tiling by what is reckoned': {
    shape: [2, 3],
    x: [2, 3],
    nodes: [
      ...length('h', 0),
      ...length('w', 1),
      vector('zero', 0),
      concat(['zero', 'h', 'zero', 'zero'], 'pads'),
      node('Pad', ['x', 'pads'], ['padded']),
      node('Slice', ['padded', 'h', 'w', 'zero'], ['cut']),
      concat(['w', 'h'], 'repeats'),
      node('Tile', ['x', 'repeats'], ['y']),
    ],
    output: [6, 6],
    op: 'Tile',
    constant: [3, 2],
  },
};

/** The lengths with those from `from` to `to` as one; -1 where N is in it. */
function grouped(lengths: readonly (number | string)[], from: number, to: number): number[] {
  const product = (some: readonly (number | string)[]) =>
    some.includes('N') ? -1 : some.reduce<number>((all, length) => all * Number(length), 1);
  return [...lengths.slice(0, from), lengths.slice(from, to), ...lengths.slice(to)].map((each) =>
    product(Array.isArray(each) ? each : [each]),
  );
}

/** The number that a length is where N is `rows`. */
function numberOf(length: number | string, rows: number): number {
  return String(length)
    .split('*')
    .reduce((all, part) => all * (part === 'N' ? rows : Number(part)), 1);
}

const run = async (bytes: Uint8Array, x: ort.Tensor) => {
  const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 4 });
  return (await session.run({ x })).y;
};

describe('shapes that a file computes', () => {
  it.each(Object.entries(cases))('%s', async (_, { shape, x, opset = 12, nodes, output, op, constant }) => {
    const bytes = foreignModel({ opset, inputs: { x: ['float32', shape] }, nodes, outputs: ['y'] });
    const graph = importModel(bytes);
    const y = graph.outputs.get('y')!;
    expect(y.shape).toEqual(output);
    const maker = producerOf(y)!;
    expect(maker.op).toBe(op);
    const known = constantOf(maker.inputs[1]);
    if (constant !== undefined) expect(Array.from(known!.data, Number)).toEqual(constant);
    // Nothing of the chain is left in what the output needs.
    expect(neededParts(graph).nodes.filter((each) => ['Shape', 'Gather', 'Concat'].includes(each.op))).toEqual([]);

    const data = Float32Array.from({ length: x.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i));
    const expected = await run(bytes, new ort.Tensor('float32', data, x));
    const found = await run(exportModel(graph), new ort.Tensor('float32', data, x));
    expect(found.dims).toEqual(expected.dims);
    expect(found.data).toEqual(expected.data);
  });

  it('of random Reshapes with an open batch are those that onnxruntime has', async () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 3, maxLength: 3 });
    const step = fc.record({
      order: fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
      cuts: fc.nat(6),
      merged: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        lengths,
        fc.array(step, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 4 }),
        async (known, steps, rows) => {
          const nodes: Nodes = [];
          let value = 'x';
          for (const [place, { order, cuts, merged }] of steps.entries()) {
            // [batch, a, b, c] in another order, all but two axes merged, and split again into what they were.
            const shape = ['N', ...known];
            const turned = order.map((axis) => shape[axis]);
            const [from, to] = [cuts % 3, (cuts % 3) + (merged ? 2 : 3)];
            nodes.push(
              node('Transpose', [value], [`t${place}`], { perm: ints(...order) }),
              vector(`merge${place}`, ...grouped(turned, from, to)),
              node('Reshape', [`t${place}`, `merge${place}`], [`m${place}`]),
              vector(`split${place}`, ...turned.map((length) => (length === 'N' ? -1 : Number(length)))),
              node('Reshape', [`m${place}`, `split${place}`], [`s${place}`]),
              node('Transpose', [`s${place}`], [`b${place}`], {
                perm: ints(...[0, 1, 2, 3].map((axis) => order.indexOf(axis))),
              }),
            );
            value = `b${place}`;
          }
          const merged = `m${steps.length - 1}`;
          nodes.push(node('Identity', [value], ['y']));
          const x = [rows, ...known];
          const graph = importModel(
            foreignModel({ opset: 17, inputs: { x: ['float32', ['N', ...known]] }, nodes, outputs: ['y', merged] }),
          );
          expect(graph.outputs.get('y')!.shape).toEqual(['N', ...known]);
          const session = await ort.InferenceSession.create(exportModel(graph), { logSeverityLevel: 4 });
          const data = Float32Array.from({ length: x.reduce((a, b) => a * b, 1) }, (_, i) => i);
          const results = await session.run({ x: new ort.Tensor('float32', data, x) });
          expect(results.y.data).toEqual(data);
          const named = graph.outputs.get(merged)!.shape;
          expect(named.map((length) => numberOf(length, rows))).toEqual([...results[merged].dims]);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('that only the running graph knows keep the node as it is, if the file has the types for it', () => {
    const nodes = [
      ...length('n', 0),
      vector('two', 2),
      node('Mul', ['n', 'two'], ['m']),
      concat(['m', 'n'], 's'),
      node('Tile', ['x', 's'], ['y']),
    ];
    const file = { opset: 12, inputs: { x: ['float32', ['N', 3]] }, nodes } as const;
    expect(() => importModel(foreignModel({ ...file, outputs: ['y'] }))).toThrow(
      "because the value 's', which decides its output's shape, is only known as the graph runs",
    );
    const graph = importModel(foreignModel({ ...file, outputs: { y: ['float32', ['rows', 'columns']] } }));
    expect(producerOf(graph.outputs.get('y')!)?.kind).toBe('opaque');
    expect(neededParts(graph).nodes.map(({ op }) => op)).toContain('Shape');
  });
});
