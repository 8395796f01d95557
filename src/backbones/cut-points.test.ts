import { describe, expect, it } from 'vitest';
import { mobileNetwork, visionTransformer } from '../../test/fixtures/foreign-networks.ts';
import { foreignModel, node } from '../graph/foreign-model.contract.ts';
import { sizeOf } from '../tensor/shape.ts';
import { float32, tensor } from '../tensor/tensor.ts';
import { type CutPoint, cutPoints } from './cut-points.ts';
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

  it('leaves out what is no feature: whole numbers, shapes, other inputs', () => {
    const names = points(visionTransformer()).map(({ value }) => value.name);
    expect(names).toEqual(expect.arrayContaining(['patch', 'embedded', 'attended', 'residual', 'tokens']));
    expect(names).not.toEqual(expect.arrayContaining(['batch']));
    expect(names).not.toEqual(expect.arrayContaining(['class']));
  });
});
