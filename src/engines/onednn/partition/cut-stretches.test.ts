import { expect, it } from 'vitest';
import { Graph, type Value } from '../../../graph/builder/graph.ts';
import { add, cast, conv, exp, flatten, matMul, mul, relu, sqrt, sub } from '../../../graph/builder/operations.ts';
import { cutLoops, cutStretches } from './cut-stretches.ts';
import { usualThresholds } from './suited-nodes.ts';

const everything = { elements: 0, productWork: 0, stretchWork: 0 };
const cut = (graph: Graph, thresholds = everything, refused: Parameters<typeof cutStretches>[3] = new Set()) =>
  cutStretches(graph.nodes, graph.outputs.values(), thresholds, refused).map(
    ({ engine, nodes }) => `${engine}: ${nodes.map(({ op }) => op).join(' ')}`,
  );

/** Bytes to floats, two convolutions, a loss, and something beside them that needs neither. */
function network(side: number) {
  const graph = new Graph();
  const pixels = cast(graph.input('x', 'uint8', [2, 16, side, side]), 'float32');
  const filter = (name: string) => graph.input(name, 'float32', [16, 16, 3, 3]);
  const same = { kernelShape: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1], dilations: [1, 1] };
  const one = relu(conv(pixels, filter('a'), undefined, same));
  const scaled = exp(graph.input('s', 'float32', [16, 16, 3, 3]));
  const two = conv(one, filter('b'), undefined, same);
  const loss = exp(flatten(two));
  graph.output('y', loss);
  graph.output('s2', scaled);
  return { graph, one, two };
}

it('goes on in one engine as long as anything there can run', () => {
  expect(cut(network(4).graph)).toEqual(['foreign: Cast Exp', 'onednn: Conv Relu Conv Flatten', 'foreign: Exp']);
});

it('gives a stretch without enough work to the other engine', () => {
  expect(cut(network(4).graph, usualThresholds)).toEqual(['foreign: Cast Conv Relu Exp Conv Flatten Exp']);
  expect(cut(network(96).graph, usualThresholds)).toHaveLength(3);
});

it('leaves out nodes that oneDNN was found to lack', () => {
  const { graph, two } = network(4);
  const refused = new Set(two.origin.kind === 'node' ? [two.origin.node] : []);
  expect(cut(graph, everything, refused)).toEqual([
    'foreign: Cast Exp',
    'onednn: Conv Relu',
    'foreign: Conv Flatten Exp',
  ]);
});

it('leaves to the other engine what oneDNN has not: other types, other shapes, named lengths', () => {
  const graph = new Graph();
  const input = (
    name: string,
    shape: readonly (number | string)[],
    type: 'float32' | 'float64' | 'int64' = 'float32',
  ): Value => graph.input(name, type, shape);
  graph.output('broadcast', add(input('a', [4, 1]), input('b', [4])));
  graph.output('doubles', relu(input('c', [4], 'float64')));
  graph.output('whole numbers', mul(input('h', [4], 'int64'), input('i', [4], 'int64')));
  graph.output('named', relu(input('d', ['N', 4])));
  graph.output('six axes', relu(input('e', [1, 1, 1, 1, 1, 2])));
  graph.output('stacked', matMul(input('f', [4, 4]), input('g', [3, 4, 4])));
  expect(cut(graph)).toEqual(['foreign: Add Relu Mul Relu Relu MatMul']);
});

it('has elementwise work done by oneDNN between what oneDNN does, and nowhere else', () => {
  const graph = new Graph();
  const input = (name: string, shape: readonly number[]) => graph.input(name, 'float32', shape);
  const big = { shape: [256, 1024], square: [1024, 1024] };
  const first = matMul(input('a', big.shape), input('b', big.square));
  const inside = mul(first, input('mask', big.shape));
  const behind = mul(matMul(inside, input('c', big.square)), input('d', big.shape));
  graph.output('y', behind);
  graph.output('z', mul(input('e', big.shape), input('f', big.shape)));
  expect(cut(graph, usualThresholds)).toEqual(['foreign: Mul', 'onednn: MatMul Mul MatMul', 'foreign: Mul']);
});

it('takes a max-pool of whose places nobody asks', () => {
  const graph = new Graph();
  const attributes = { kernelShape: [2, 2], strides: [2, 2] };
  const [pooled] = graph.apply('MaxPool', [graph.input('x', 'float32', [1, 8, 4, 4])], attributes, { outputs: 2 });
  graph.output('y', pooled);
  expect(cut(graph)).toEqual(['onednn: MaxPool']);
  const [, places] = graph.apply('MaxPool', [graph.input('z', 'float32', [1, 8, 4, 4])], attributes, { outputs: 2 });
  graph.output('places', places);
  expect(cut(graph)).toEqual(['foreign: MaxPool', 'onednn: MaxPool']);
});

it('has loops over large tensors done where there is nothing to multiply: with single numbers, but no rows, and enough of them', () => {
  const loops = (side: number) => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [side, side]);
    const one = graph.input('one', 'float32', []);
    let sum = add(mul(x, mul(one, one)), sqrt(x));
    for (let node = 0; node < 4; node++) sum = mul(sum, sum);
    graph.output('y', sum);
    graph.output('row', add(x, graph.input('row', 'float32', [side])));
    graph.output('turned', sub(one, x));
    return cutLoops(graph.nodes, graph.outputs.values(), usualThresholds).map(
      ({ engine, nodes }) => `${engine}: ${nodes.map(({ op }) => op).join(' ')}`,
    );
  };
  expect(loops(1024)).toEqual(['foreign: Mul Add Sub', 'onednn: Mul Sqrt Add Mul Mul Mul Mul']);
  expect(loops(256)).toEqual(['foreign: Mul Mul Sqrt Add Mul Mul Mul Mul Add Sub']);
});
