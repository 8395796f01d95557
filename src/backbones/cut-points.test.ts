import { describe, expect, it } from 'vitest';
import { mobileNetwork, visionTransformer } from '../../test/fixtures/foreign-networks.ts';
import { foreignModel, int, node } from '../graph/foreign-model.contract.ts';
import { sizeOf } from '../tensor/shape.ts';
import { float32, int64Vector, tensor } from '../tensor/tensor.ts';
import { type CutPoint, cutPoints, noCutReason } from './cut-points.ts';
import { openForeignNetwork } from './foreign-network.ts';

const points = (bytes: Uint8Array, size = 16) => cutPoints(openForeignNetwork(bytes, { size }));
const at = (list: readonly CutPoint[], name: string) => list.find(({ value }) => value.name === name)!;

describe('cutPoints', () => {
  it('lists tensors with shapes, weights before them, and whether something bypasses them', () => {
    const list = points(mobileNetwork());
    expect(at(list, 'stem')).toMatchObject({ shape: ['N', 8, 8, 8], kind: 'map', narrow: true, obstacles: [] });
    // A 3 x 3 convolution from 3 to 8 channels, scale and bias of its normalisation.
    expect(at(list, 'stem').parameters).toBe(sizeOf([8, 3, 3, 3]) + 16);
    expect(at(list, 'block2.widen')).toMatchObject({ shape: ['N', 16, 4, 4], narrow: false });
    expect(list.filter(({ narrow }) => narrow).map(({ value }) => value.name)).toEqual([
      'stem.conv',
      'stem.norm',
      'stem',
      'block1.depthwise',
      'block1.norm',
      'block1.swish',
      'block1.se',
      'block1.project',
      'block1',
      'block2',
      'head.conv',
      'head.norm',
      'map',
      'pooled',
      'vector',
      'logits',
    ]);
  });

  it('suggests the last map before the pool, and what the classifier takes', () => {
    const suggested = (bytes: Uint8Array) =>
      points(bytes).flatMap((point) => (point.suggested === undefined ? [] : [[point.value.name, point.suggested]]));
    expect(suggested(mobileNetwork())).toEqual([
      ['map', 'features'],
      ['vector', 'vector'],
    ]);
    expect(suggested(visionTransformer())).toEqual([
      ['tokens', 'features'],
      ['vector', 'vector'],
    ]);
  });

  it('says behind which node weights cannot be reached', () => {
    const list = points(mobileNetwork({ foreignOperator: 'Selu' }));
    expect(at(list, 'stem').obstacles).toEqual([]);
    expect(at(list, 'map').obstacles.map(({ node, reason }) => [node.name, node.op, reason])).toEqual([
      ['block1_node', 'Selu', expect.stringContaining('not one of ours')],
    ]);
    expect(at(points(visionTransformer({ gelu: true })), 'tokens').obstacles.map(({ node }) => node.op)).toEqual([
      'Gelu',
    ]);
  });

  it('finds the places of a network whose activations are bytes', () => {
    const scale = (name: string, value: number) => ({ [name]: float32([1], [value]) });
    const quantized = (x: string) => [
      node('QuantizeLinear', [x, 'scale', 'zero'], [`${x}.bytes`]),
      node('DequantizeLinear', [`${x}.bytes`, 'scale', 'zero'], [`${x}.floats`]),
    ];
    const bytes = foreignModel({
      opset: 13,
      inputs: { image: ['float32', ['N', 3, 4, 4]] },
      initializers: {
        ...scale('scale', 0.1),
        ...scale('bias.scale', 0.01),
        zero: tensor('uint8', [], Uint8Array.of(128)),
        weight: float32([2, 3, 1, 1], [1, 2, 3, 4, 5, 6]),
        bias: tensor('int32', [2], Int32Array.of(10, 20)),
      },
      nodes: [
        ...quantized('image'),
        // A list of one scale, and an axis (1 by default) that the bias does not have.
        node('DequantizeLinear', ['bias', 'bias.scale'], ['bias.floats']),
        node('Conv', ['image.floats', 'weight', 'bias.floats'], ['map']),
        ...quantized('map'),
        node('GlobalAveragePool', ['map.floats'], ['pooled']),
      ],
      outputs: ['pooled'],
    });
    expect(points(bytes, 4).flatMap(({ value, suggested }) => (suggested ? [[value.name, suggested]] : []))).toEqual([
      ['map.floats', 'features'],
    ]);
  });

  describe('of a network with nodes that cannot be read', () => {
    /** A map, then `nodes`, then a pool and a classifier. */
    const network = (nodes: ReturnType<typeof node>[], last: string) =>
      foreignModel({
        opset: 18,
        inputs: { image: ['float32', ['N', 3, 4, 4]] },
        initializers: {
          weight: float32([2, 3, 1, 1], [1, 2, 3, 4, 5, 6]),
          matrix: float32([2, 2], [1, 2, 3, 4]),
          axes: int64Vector([2, 3]),
        },
        nodes: [
          node('Conv', ['image', 'weight'], ['map']),
          ...nodes,
          node('ReduceMean', [last, 'axes'], ['vector'], { keepdims: int(0) }),
          node('MatMul', ['vector', 'matrix'], ['logits']),
        ],
        outputs: ['logits'],
      });
    const strange = (x: string, y: string) => node('Strange', [x], [y], {}, 'some.where');
    const narrow = (bytes: Uint8Array) => points(bytes, 4).flatMap((each) => (each.narrow ? [each.value.name] : []));

    it('ends where they begin', () => {
      const bytes = network([node('Relu', ['map'], ['relu']), strange('relu', 'odd')], 'odd');
      expect(narrow(bytes)).toEqual(['map', 'relu']);
      expect(at(points(bytes, 4), 'relu').suggested).toBe('features');
      const { unread } = openForeignNetwork(bytes, { size: 4 });
      expect(unread.map(({ op, follows }) => [op, follows])).toEqual([
        ['Strange', false],
        ['ReduceMean', true],
        ['MatMul', true],
      ]);
    });

    it('knows that they are a way past what lies beside them', () => {
      const nodes = [
        strange('map', 'odd'),
        node('Relu', ['map'], ['relu']),
        node('Neg', ['relu'], ['negative']),
        node('Add', ['negative', 'odd'], ['sum']),
      ];
      expect(narrow(network(nodes, 'sum'))).toEqual(['map']);
      expect(points(network(nodes, 'sum'), 4).map(({ value }) => value.name)).toEqual(['map', 'relu', 'negative']);
    });

    it('says why there is none', () => {
      const bytes = network([], 'map');
      const first = foreignModel({
        opset: 18,
        inputs: { image: ['float32', ['N', 3, 4, 4]] },
        nodes: [strange('image', 'odd'), node('Relu', ['odd'], ['y'])],
        outputs: ['y'],
      });
      const reasonFor = (file: Uint8Array) => {
        const opened = openForeignNetwork(file, { size: 4 });
        return noCutReason(opened, cutPoints(opened));
      };
      expect(reasonFor(bytes)).toBeUndefined();
      expect(reasonFor(first)).toBe(
        "node 'odd_node' (Strange): the file does not say which version of 'some.where' it uses",
      );
    });
  });

  it('leaves out what is no feature: whole numbers, shapes, other inputs', () => {
    const names = points(visionTransformer()).map(({ value }) => value.name);
    expect(names).toEqual(expect.arrayContaining(['patch', 'embedded', 'attended', 'residual', 'tokens']));
    expect(names).not.toEqual(expect.arrayContaining(['batch']));
    expect(names).not.toEqual(expect.arrayContaining(['class']));
  });
});
