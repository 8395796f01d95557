import { describe, expect, it } from 'vitest';
import { foreignModel, int, ints, node } from '../../../test/fixtures/foreign-model.ts';
import { mobileNetwork } from '../../../test/fixtures/foreign-networks.ts';
import { printGraph } from '../../../test/oracles/print-graph.ts';
import { float32 } from '../../graph/tensor/tensor.ts';
import { openForeignNetwork } from './foreign-network.ts';

const filters = (into: number) => float32([6, into, 1, 1], new Float32Array(6 * into).fill(0.5));

/** A convolution of six filters behind `before`, which makes `x` of the input `image`. */
function convolving(
  before: Parameters<typeof foreignModel>[0]['nodes'],
  { into = 3, group = 1, shape = ['N', 'c', 'h', 'w'] } = {},
) {
  return foreignModel({
    opset: 17,
    inputs: { image: ['float32', shape] },
    initializers: { mean: float32([], [0.5]), filters: filters(into) },
    nodes: [...before, node('Conv', ['x', 'filters'], ['y'], { group: int(group) })],
    outputs: ['y'],
  });
}

const plain = [node('Identity', ['image'], ['x'])];
const turned = [
  node('Sub', ['image', 'mean'], ['less']),
  node('Transpose', ['less'], ['x'], { perm: ints(0, 3, 1, 2) }),
];

describe('the order of axes of a file that leaves its channels open', () => {
  it('is the one of its first convolution, and the network is the same as with three channels written down', () => {
    const sized = { size: 16 };
    const open = openForeignNetwork(mobileNetwork({ channels: 'num_channels' }), sized);
    expect(open.layout).toBe('nchw');
    expect(open.image.shape).toEqual(['N', 3, 16, 16]);
    expect(open.unread).toEqual([]);
    expect(printGraph(open.graph)).toBe(printGraph(openForeignNetwork(mobileNetwork(), sized).graph));
  });

  it('is found behind steps that leave axes where they are, and behind a transposition', () => {
    expect(openForeignNetwork(convolving(plain), { size: 4 }).image.shape).toEqual(['N', 3, 4, 4]);
    const last = openForeignNetwork(convolving(turned, { shape: ['N', 'h', 'w', 'c'] }), { size: 4 });
    expect([last.layout, last.image.shape]).toEqual(['nhwc', ['N', 4, 4, 3]]);
    expect(last.unread).toEqual([]);
  });

  it.each([
    ['filters for one channel', convolving(plain, { into: 1 })],
    ['one channel in each of three groups', convolving(plain, { into: 1, group: 3 })],
    ['another transposition', convolving([node('Transpose', ['image'], ['x'], { perm: ints(0, 2, 1, 3) })])],
  ])('is not guessed from %s', (_, bytes) => {
    expect(() => openForeignNetwork(bytes, { size: 4 })).toThrow('no axis is known to be three channels');
  });

  it('is the one that is asked for, where it is', () => {
    expect(openForeignNetwork(convolving(plain), { size: 4, layout: 'nchw' }).image.shape).toEqual(['N', 3, 4, 4]);
  });
});
