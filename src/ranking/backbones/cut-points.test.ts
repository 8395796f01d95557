import { readFile } from 'node:fs/promises';
import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { foreignModel, int, ints, node } from '../../../test/fixtures/foreign-model.ts';
import { mobileNetwork, visionTransformer } from '../../../test/fixtures/foreign-networks.ts';
import { hashedUniform } from '../../../test/support/hashed-numbers.ts';
import { TensorProto_DataType as DataType, TensorProtoSchema } from '../../graph/onnx/onnx_pb.ts';
import { type Shape, sizeOf } from '../../graph/tensor/shape.ts';
import { float32, int64Vector, tensor } from '../../graph/tensor/tensor.ts';
import type { CutPoint } from './cut-point.ts';
import { cutPoints, noCutReason } from './cut-points.ts';
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

  it('suggests where the paths of a multi-scale network meet, not the picture that they all begin with', async () => {
    const list = cutPoints(
      openForeignNetwork(await readFile(new URL('../../../models/demo/model.onnx', import.meta.url))),
    );
    expect(list.flatMap(({ value, suggested }) => (suggested ? [[value.name, suggested]] : []))).toEqual([
      ['Concat_224.out', 'features'],
    ]);
    expect(at(list, 'embedding')).toMatchObject({ shape: ['N', 256], narrow: true, obstacles: [] });
    expect(at(list, 'Div.out').suggested).toBeUndefined();
  });

  it('suggests the features before the head of the packaged model, and has its embedding, too', async () => {
    const file = new URL('../../../models/packaged/model.onnx', import.meta.url);
    const list = cutPoints(openForeignNetwork(await readFile(file)));
    const [best, ...others] = list.filter(({ suggested }) => suggested !== undefined);
    expect(others).toEqual([]);
    expect(best).toMatchObject({ kind: 'vector', suggested: 'features', narrow: true });
    const embedding = at(list, 'embedding');
    expect(embedding).toMatchObject({ kind: 'vector', narrow: true });
    expect(list.indexOf(best)).toBeLessThan(list.indexOf(embedding));
    expect(best.features).toBeGreaterThan(embedding.features!);
  });

  it('suggests the tokens that a pool by attention works on, not the keys and values that it makes of them', () => {
    const bytes = foreignModel({
      opset: 17,
      inputs: { image: ['float32', ['N', 3, 4, 4]] },
      initializers: {
        patch: float32([4, 3, 2, 2], hashedUniform('patch', 48)),
        scale: float32([4], [1, 1, 1, 1]),
        shape: int64Vector([0, 4, 4]),
        both: float32([4, 8], hashedUniform('both', 32)),
        bias: float32([8], hashedUniform('bias', 8)),
        latent: float32([1, 1, 4], hashedUniform('latent', 4)),
        parts: int64Vector([4, 4]),
      },
      nodes: [
        node('Conv', ['image', 'patch'], ['map'], { strides: ints(2, 2) }),
        node('Reshape', ['map', 'shape'], ['flat']),
        node('Transpose', ['flat'], ['tokens'], { perm: ints(0, 2, 1) }),
        node('LayerNormalization', ['tokens', 'scale'], ['normed']),
        node('MatMul', ['normed', 'both'], ['product']),
        node('Add', ['product', 'bias'], ['keys.values']),
        node('Split', ['keys.values', 'parts'], ['keys', 'values'], { axis: int(2) }),
        node('Transpose', ['keys'], ['turned'], { perm: ints(0, 2, 1) }),
        node('MatMul', ['latent', 'turned'], ['scores']),
        node('Softmax', ['scores'], ['weights'], { axis: int(-1) }),
        node('MatMul', ['weights', 'values'], ['pooled']),
      ],
      outputs: ['pooled'],
    });
    expect(at(points(bytes, 4), 'keys.values')).toMatchObject({ narrow: true, features: 8 });
    expect(points(bytes, 4).flatMap(({ value, suggested }) => (suggested ? [[value.name, suggested]] : []))).toEqual([
      ['normed', 'features'],
    ]);
  });

  it('suggests nothing before which there are no weights', () => {
    const bytes = foreignModel({
      opset: 18,
      inputs: { image: ['float32', ['N', 3, 4, 4]] },
      initializers: { factor: float32([], [1 / 255]) },
      nodes: [node('Mul', ['image', 'factor'], ['pixels']), node('GlobalAveragePool', ['pixels'], ['colour'])],
      outputs: ['colour'],
    });
    expect(points(bytes, 4).filter(({ suggested }) => suggested)).toEqual([]);
  });

  it('says behind which node weights cannot be reached', () => {
    const list = points(mobileNetwork({ foreignOperator: 'Selu' }));
    expect(at(list, 'stem').obstacles).toEqual([]);
    expect(at(list, 'map').obstacles.map(({ node, reason }) => [node.name, node.op, reason])).toEqual([
      ['block1_node', 'Selu', expect.stringContaining('not one of ours')],
    ]);
    // Opset 20's Gelu is said in nodes that are learnt through.
    expect(at(points(visionTransformer({ gelu: true })), 'tokens').obstacles).toEqual([]);
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
      // Weights are no node: the nodes that they are of cannot be read because of them.
      const damaged = foreignModel({
        opset: 18,
        inputs: { image: ['float32', ['N', 3, 4, 4]] },
        nodes: [node('Conv', ['image', 'w'], ['y'])],
        graph: {
          initializer: [create(TensorProtoSchema, { name: 'w', dims: [2n, 3n, 1n, -1n], dataType: DataType.FLOAT })],
        },
        outputs: ['y'],
      });
      expect(reasonFor(damaged)).toBe("initializer 'w' has the shape [2, 3, 1, -1]: the file is damaged");
    });
  });

  it('leaves out what is no feature: whole numbers, shapes, other inputs', () => {
    const names = points(visionTransformer()).map(({ value }) => value.name);
    expect(names).toEqual(expect.arrayContaining(['patch', 'embedded', 'attended', 'residual', 'tokens']));
    expect(names).not.toEqual(expect.arrayContaining(['batch']));
    expect(names).not.toEqual(expect.arrayContaining(['class']));
  });

  describe('of maps and tokens in any order of axes', () => {
    const weights = {
      patch: float32([6, 3, 2, 2], hashedUniform('patch', 72)),
      scale: float32([6], [1, 1, 1, 1, 1, 1]),
      wide: float32([6, 12], hashedUniform('wide', 72)),
      narrow: float32([12, 6], hashedUniform('narrow', 72)),
      mixing: float32([16, 16], hashedUniform('mixing', 256)),
      heads: int64Vector([0, 16, 2, 3]),
      tokens: int64Vector([0, 6, 16]),
      windows: int64Vector([-1, 2, 2, 2, 2, 6]),
      window: int64Vector([-1, 4, 6]),
      whole: int64Vector([-1, 4, 4, 6]),
      middle: int64Vector([1, 2]),
    };
    const network = (shape: Shape, nodes: ReturnType<typeof node>[], outputs: string[]) =>
      points(
        foreignModel({ opset: 17, inputs: { image: ['float32', shape] }, initializers: weights, nodes, outputs }),
        8,
      );
    const patch = node('Conv', ['image', 'patch'], ['map'], { strides: ints(2, 2) });
    const last = (x: string, y: string) => node('Transpose', [x], [y], { perm: ints(0, 2, 3, 1) });
    const kinds = (list: readonly CutPoint[]) =>
      Object.fromEntries(list.map(({ value, axes, features }) => [value.name, [axes?.channels, features]]));

    it('finds the channels of a ConvNeXt block, whose layers work on the last axis', () => {
      const list = network(
        ['N', 3, 8, 8],
        [
          patch,
          last('map', 'turned'),
          node('LayerNormalization', ['turned', 'scale'], ['normed']),
          node('MatMul', ['normed', 'wide'], ['wider']),
          node('MatMul', ['wider', 'narrow'], ['mlp']),
          node('ReduceMean', ['mlp'], ['pooled'], { axes: ints(1, 2), keepdims: int(0) }),
        ],
        ['pooled'],
      );
      expect(kinds(list)).toEqual({
        map: [[1], 6],
        turned: [[3], 6],
        normed: [[3], 6],
        wider: [[3], 12],
        mlp: [[3], 6],
        pooled: [[1], 6],
      });
      expect(at(list, 'mlp').suggested).toBe('features');
    });

    it('does not take a map of one place with its channels last for a map of places', () => {
      const list = network(
        ['N', 3, 8, 8],
        [
          patch,
          node('GlobalAveragePool', ['map'], ['pool']),
          last('pool', 'turned'),
          node('LayerNormalization', ['turned', 'scale'], ['normed']),
        ],
        ['normed'],
      );
      expect(kinds(list)).toMatchObject({ pool: [[1], 6], turned: [[3], 6], normed: [[3], 6] });
      expect(list.filter(({ suggested }) => suggested).map(({ value }) => value.name)).toEqual(['map']);
    });

    it("follows the picture's own order of axes, windows, tokens either way round, heads and mixed tokens", () => {
      const list = network(
        ['N', 8, 8, 3],
        [
          node('Transpose', ['image'], ['first'], { perm: ints(0, 3, 1, 2) }),
          node('Conv', ['first', 'patch'], ['map'], { strides: ints(2, 2) }),
          last('map', 'turned'),
          node('Reshape', ['turned', 'windows'], ['split']),
          node('Transpose', ['split'], ['regrouped'], { perm: ints(0, 1, 3, 2, 4, 5) }),
          node('Reshape', ['regrouped', 'window'], ['window.tokens']),
          node('Reshape', ['window.tokens', 'whole'], ['again']),
          node('Reshape', ['map', 'tokens'], ['channels.first']),
          node('MatMul', ['channels.first', 'mixing'], ['mixed']),
          node('Transpose', ['mixed'], ['channels.last'], { perm: ints(0, 2, 1) }),
          node('Reshape', ['channels.last', 'heads'], ['heads.apart']),
        ],
        ['again', 'heads.apart'],
      );
      expect(kinds(list)).toMatchObject({
        first: [[1], 3],
        map: [[1], 6],
        turned: [[3], 6],
        again: [[3], 6],
        'channels.first': [[1], 6],
        mixed: [[1], 6],
        'channels.last': [[2], 6],
        'heads.apart': [[2, 3], 6],
      });
    });

    it('marks nothing whose channels it does not know', () => {
      const strange = node('DepthToSpace', ['image'], ['strange'], { blocksize: int(1) });
      const bytes = foreignModel({
        opset: 17,
        inputs: { image: ['float32', ['N', 3, 4, 4]] },
        nodes: [strange, node('Relu', ['strange'], ['y'])],
        outputs: ['y'],
        described: { strange: ['float32', ['N', 3, 4, 4]] },
      });
      expect(kinds(points(bytes, 4))).toEqual({ strange: [undefined, undefined], y: [undefined, undefined] });
      expect(points(bytes, 4).filter(({ suggested }) => suggested)).toEqual([]);
    });
  });
});
