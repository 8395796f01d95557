import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { float, foreignModel, int, ints, node } from '../../../test/fixtures/foreign-model.ts';
import { mobileNetwork, visionTransformer } from '../../../test/fixtures/foreign-networks.ts';
import { trunkOf } from '../../../test/fixtures/trunk-of.ts';
import { hashedUniform } from '../../../test/support/hashed-numbers.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { Graph } from '../../graph/builder/graph.ts';
import { importModel } from '../../graph/import/import-model.ts';
import { float32, int64Vector, type Tensor, tensor, toNumbers } from '../../graph/tensor/tensor.ts';
import { TrainingScope } from '../networks/network-scope.ts';
import { checkTrunk } from './check-trunk.ts';
import { openForeignNetwork } from './foreign-network.ts';
import type { Trunk } from './trunk.ts';
import { parameterOf, trunkFeatures } from './trunk-features.ts';

/** Pictures [rows, 3, side, side] with values from 0 to 1. */
const pictures = (rows: number, side: number) =>
  float32([rows, 3, side, side], hashedUniform('pictures', rows * 3 * side * side));

async function run(graph: Graph, feeds: Record<string, Tensor>): Promise<Record<string, Tensor>> {
  const engine = await OnnxruntimeEngine.create({ threads: 1 });
  try {
    const program = await engine.compile(graph);
    return await program.run(feeds);
  } finally {
    await engine.close();
  }
}

async function featuresOf(trunk: Trunk, image: Tensor): Promise<Tensor> {
  const graph = new Graph();
  const scope = new TrainingScope(graph);
  graph.output('features', trunkFeatures(scope, graph.input('image', 'float32', image.shape), trunk));
  const weights = [...scope.parameters.values()].map(({ spec: { name, shape, initializer } }) => [
    name,
    tensor('float32', shape, initializer(shape, undefined as never)),
  ]);
  return (await run(graph, { image, ...Object.fromEntries(weights) })).features;
}

/** What onnxruntime makes of the whole file at a tensor, for pictures that somebody else has normalised. */
async function fileAt(
  bytes: Uint8Array,
  name: string,
  image: Tensor,
  lengths: Record<string, number>,
): Promise<Tensor> {
  const graph = importModel(bytes, { lengths });
  graph.output('wanted', graph.nodes.flatMap(({ outputs }) => outputs).find((value) => value.name === name)!);
  return (await run(graph, { image })).wanted;
}

/** The ImageNet normalisation, by hand. */
function normalized(image: Tensor): Tensor {
  const [mean, deviation] = [
    [0.485, 0.456, 0.406],
    [0.229, 0.224, 0.225],
  ];
  const plane = image.shape[2] * image.shape[3];
  return float32(
    image.shape,
    toNumbers(image).map((value, place) => {
      const channel = Math.floor(place / plane) % 3;
      return (value - mean[channel]) / deviation[channel];
    }),
  );
}

/** Mean over the last two axes of [N, C, H, W]. */
function pooled({ shape: [rows, channels, height, width], data }: Tensor): number[] {
  return Array.from({ length: rows * channels }, (_, place) => {
    const plane = Array.from(data.slice(place * height * width, (place + 1) * height * width), Number);
    return plane.reduce((sum, value) => sum + value, 0) / plane.length;
  });
}

function expectClose(found: Tensor, expected: readonly number[]): void {
  expect(found.data).toHaveLength(expected.length);
  for (const [place, value] of toNumbers(found).entries()) expect(value).toBeCloseTo(expected[place], 5);
}

describe('trunkFeatures', () => {
  it("gives the file's own map, pooled, of pictures normalised as ImageNet is", async () => {
    const image = pictures(3, 16);
    const features = await featuresOf(trunkOf(mobileNetwork(), 'map'), image);
    expect(features.shape).toEqual([3, 16]);
    expectClose(features, pooled(await fileAt(mobileNetwork(), 'map', normalized(image), { side: 16 })));
  });

  it('takes the mean over tokens, and a vector as it is', async () => {
    const image = pictures(2, 16);
    const tokens = await fileAt(visionTransformer(), 'tokens', normalized(image), {});
    expect(tokens.shape).toEqual([2, 5, 8]);
    const means = Array.from({ length: 16 }, (_, place) => {
      const [row, channel] = [Math.floor(place / 8), place % 8];
      const values = Array.from({ length: 5 }, (_, token) => Number(tokens.data[(row * 5 + token) * 8 + channel]));
      return values.reduce((sum, value) => sum + value, 0) / 5;
    });
    expectClose(await featuresOf(trunkOf(visionTransformer(), 'tokens', { frozen: 'all' }), image), means);
    const vector = await fileAt(visionTransformer(), 'vector', normalized(image), {});
    expectClose(await featuresOf(trunkOf(visionTransformer(), 'vector', { frozen: 'all' }), image), toNumbers(vector));
  });

  it('takes the mean over the places of a map whose channels come last', async () => {
    const bytes = foreignModel({
      opset: 17,
      inputs: { image: ['float32', ['N', 3, 4, 4]] },
      initializers: {},
      nodes: [node('Transpose', ['image'], ['turned'], { perm: ints(0, 2, 3, 1) })],
      outputs: ['turned'],
    });
    const image = pictures(2, 4);
    expectClose(await featuresOf(trunkOf(bytes, 'turned', { size: 4 }), image), pooled(normalized(image)));
  });

  it('wants to be told where the channels are, if the network does not say', async () => {
    const bytes = foreignModel({
      opset: 17,
      inputs: { image: ['float32', ['N', 3, 4, 4]] },
      initializers: {},
      nodes: [node('DepthToSpace', ['image'], ['same'], { blocksize: int(1) })],
      outputs: { same: ['float32', ['N', 3, 4, 4]] },
    });
    expect(() => trunkOf(bytes, 'same', { size: 4 })).toThrow(
      "which axis of 'same' [N, 3, 4, 4] holds channels does not follow from the network (after DepthToSpace, axes have no " +
        'certain meaning): say which one with choices.trunk.cutChannels, counted from 0, or cut somewhere else',
    );
    expect(() => trunkOf(mobileNetwork(), 'vector', { cutChannels: 2 })).toThrow(
      "'vector' [N, 16] has no axis 2: use 1 to 1",
    );
    const image = pictures(2, 4);
    expectClose(
      await featuresOf(trunkOf(bytes, 'same', { size: 4, cutChannels: 1 }), image),
      pooled(normalized(image)),
    );
    const wide = await featuresOf(trunkOf(bytes, 'same', { size: 4, cutChannels: 3 }), image);
    expect(wide.shape).toEqual([2, 4]);
  });

  it('merges heads into the batch as the exporter does', async () => {
    const image = pictures(3, 16);
    const merged = trunkOf(visionTransformer({ merged: true }), 'tokens', { frozen: 'all' });
    const apart = trunkOf(visionTransformer(), 'tokens', { frozen: 'all' });
    expect(merged.nodes.flatMap(({ outputs }) => outputs).map(({ shape }) => shape[0])).toContain('2*N');
    expectClose(await featuresOf(merged, image), toNumbers(await featuresOf(apart, image)));
    expect(checkTrunk(trunkOf(visionTransformer({ merged: true }), 'tokens'))).toBe(8);
  });

  it('feeds bytes, axes and channels in the order that the file wants', async () => {
    const bytes = foreignModel({
      opset: 17,
      inputs: { image: ['uint8', ['N', 2, 2, 3]] },
      initializers: {},
      nodes: [
        node('Cast', ['image'], ['float'], { to: { kind: 'int', value: 1 } }),
        node('Transpose', ['float'], ['map'], { perm: ints(0, 3, 1, 2) }),
      ],
      outputs: { map: ['float32', ['N', 3, 2, 2]] },
    });
    const own = {
      mean: [0, 0, 0],
      deviation: [1 / 255, 1 / 255, 1 / 255],
      channels: 'bgr',
      frozen: 'all',
      size: 2,
    } as const;
    const trunk = trunkOf(bytes, 'map', { ...own, mean: [...own.mean], deviation: [...own.deviation] });
    expect(trunk.config.layout).toBe('nhwc');
    // Red, green and blue planes of every byte that there is would be long; these reach both ends.
    const planes = [0, 1, 254, 255, 7, 8, 9, 10, 100, 101, 102, 103];
    const image = float32(
      [1, 3, 2, 2],
      planes.map((value) => value / 255),
    );
    expectClose(await featuresOf(trunk, image), [101.5, 8.5, 127.5]);
  });

  it('learns the weights that are not frozen, and nothing else', () => {
    const learnt = (frozen: Trunk['config']['frozen'], cut = 'map') =>
      trunkOf(mobileNetwork(), cut, { frozen }).learnt.map(({ value, decays }) =>
        decays ? `${value.name}*` : value.name,
      );
    expect(learnt('all')).toEqual([]);
    expect(learnt({ upTo: 'block2' })).toEqual(['head.conv.weight*', 'head.norm.scale', 'head.norm.bias']);
    expect(learnt({ upTo: 'map' })).toEqual([]);
    expect(learnt('none', 'stem')).toEqual(['stem.conv.weight*', 'stem.norm.scale', 'stem.norm.bias']);
    const everything = learnt('none');
    expect(everything).toHaveLength(27);
    // Neither the classifier behind the cut nor what batch normalisation has measured.
    expect(everything.filter((name) => /classifier|mean|variance/.test(name))).toEqual([]);
    expect(trunkOf(visionTransformer(), 'tokens').learnt.map(({ value }) => value.name)).toEqual(
      expect.arrayContaining(['position.bias', 'patch.weight', 'query.matrix.weight', 'norm1.scale', 'mlp.in.bias']),
    );
    expect(trunkOf(visionTransformer(), 'tokens').learnt.map(({ value }) => value.name)).not.toContain('half');
  });

  it('uses the mean and variance of the file in training, too, and lets weights learn slowly', () => {
    const graph = new Graph();
    const scope = new TrainingScope(graph);
    const trunk = trunkOf(mobileNetwork(), 'map');
    trunkFeatures(scope, graph.input('image', 'float32', [2, 3, 16, 16]), trunk);
    expect([...scope.statistics]).toEqual([]);
    expect([...scope.parameters.values()].every(({ spec }) => spec.rate === 0.1)).toBe(true);
    expect([...scope.parameters.keys()]).toEqual(trunk.learnt.map(({ value }) => parameterOf(value)));
  });

  it('opens the batch of a file that was exported for one picture', async () => {
    const image = pictures(3, 16);
    const open = toNumbers(await featuresOf(trunkOf(visionTransformer(), 'tokens', { frozen: 'all' }), image));
    for (const merged of [false, true]) {
      const trunk = trunkOf(visionTransformer({ rows: 1, merged }), 'tokens', { frozen: 'all' });
      expect(trunk.network).toMatchObject({ exportedRows: 1, unread: [] });
      expect(trunk.cut.shape).toEqual(['N', 5, 8]);
      expectClose(await featuresOf(trunk, image), open);
    }
    const described = trunkOf(visionTransformer({ rows: 1, gelu: true }), 'tokens', { frozen: 'all' });
    expectClose(await featuresOf(described, image), open);
  });

  it('refuses a file whose number of pictures cannot be opened', () => {
    expect(checkTrunk(trunkOf(mobileNetwork({ batch: 1 }), 'map'))).toBe(16);
    const fixed = foreignModel({
      opset: 17,
      inputs: { image: ['float32', [1, 3, 4, 4]] },
      initializers: { first: int64Vector([0]) },
      nodes: [node('Gather', ['image', 'first'], ['map'], { axis: int(0) })],
      outputs: { map: ['float32', [1, 3, 4, 4]] },
    });
    expect(() => checkTrunk(trunkOf(fixed, 'map', { frozen: 'all', size: 4 }))).toThrow(
      "the tensor 'map' has 1 rows for 2 pictures: the model was exported for a fixed number of pictures, or mixes them",
    );
  });
});

describe('cutTrunk', () => {
  it('names the node that no gradient goes through, and what to freeze', () => {
    const bytes = mobileNetwork({ foreignOperator: 'Selu' });
    expect(() => trunkOf(bytes, 'map')).toThrow(
      /^no gradient goes through node 'block1_node' \(Selu\), which lies behind weights that are to be learnt: .*; freeze up to it with choices.trunk.freeze: 'block1', or freeze everything with choices.trunk.freeze: 'all'$/,
    );
    expect(trunkOf(bytes, 'map', { frozen: 'all' }).learnt).toEqual([]);
    const behind = trunkOf(bytes, 'map', { frozen: { upTo: 'block1' } });
    expect(behind.learnt[0].value.name).toBe('block2.widen.weight');
    expect(checkTrunk(behind)).toBe(16);
    expect(() => trunkOf(bytes, 'block1')).toThrow(/; freeze everything with choices.trunk.freeze: 'all'$/);
  });

  it('refuses to freeze what does not lie before the cut, and a cut that gives no features', () => {
    expect(() => trunkOf(mobileNetwork(), 'block1', { frozen: { upTo: 'block2' } })).toThrow(
      "cannot freeze everything up to 'block2', for it does not lie before the cut at 'block1'",
    );
    expect(() => trunkOf(visionTransformer(), 'batch')).toThrow(
      /the tensor 'batch' is int64 of 0 axes, but features are/,
    );
  });

  it('refuses a tensor that needs more than pictures, or none', () => {
    const bytes = foreignModel({
      opset: 17,
      inputs: { image: ['float32', ['N', 3, 4, 4]], scale: ['float32', [1]] },
      initializers: { ones: float32([1, 3, 4, 4], new Array(48).fill(1)) },
      nodes: [node('Mul', ['image', 'scale'], ['scaled']), node('Elu', ['ones'], ['fixed'], { alpha: float(1) })],
      outputs: ['scaled', 'fixed'],
    });
    expect(() => trunkOf(bytes, 'scaled', { size: 4 })).toThrow("needs the input 'scale' besides pictures");
    expect(() => trunkOf(bytes, 'fixed', { size: 4 })).toThrow('does not depend on the pictures');
  });
});

describe('openForeignNetwork', () => {
  const withInputs = (inputs: Parameters<typeof foreignModel>[0]['inputs']) =>
    foreignModel({ opset: 17, inputs: inputs!, nodes: [node('Relu', ['x'], ['y'])], outputs: ['y'] });

  it("takes the file's size, or the one that is asked for, or 224", () => {
    expect(openForeignNetwork(mobileNetwork())).toMatchObject({ width: 224, height: 224, layout: 'nchw' });
    expect(openForeignNetwork(mobileNetwork(), { size: 32 }).image.shape).toEqual(['N', 3, 32, 32]);
    expect(openForeignNetwork(mobileNetwork({ size: 48 }))).toMatchObject({ width: 48, height: 48 });
    expect(() => openForeignNetwork(mobileNetwork({ size: 48 }), { size: 32 })).toThrow(
      "the model's input 'image' takes pictures of 48 x 48 alone, not of 32 x 32: use that size",
    );
    expect(() => openForeignNetwork(mobileNetwork(), { size: { width: 32, height: 16 } })).toThrow(
      'square pictures alone',
    );
  });

  it.each([
    [{ x: ['float32', ['N', 8]] }, "has 0 of them (its inputs: 'x' float32[N, 8])"],
    [{ x: ['float32', [1, 3, 4, 4]], z: ['float32', [1, 3, 4, 4]] }, 'has 2 of them'],
    [{ x: ['float32', ['N', 1, 4, 4]] }, 'no axis is known to be three channels: say which with choices.trunk.layout'],
    [{ x: ['float32', ['N', 'c', 4, 4]] }, 'no axis is known to be three channels'],
    [{ x: ['int64', ['N', 3, 4, 4]] }, "the model's input 'x' is int64, but pictures are fed as float32 or uint8"],
  ] as const)('refuses inputs %j', (inputs, message) => {
    expect(() => openForeignNetwork(withInputs(inputs as never), { size: 4 })).toThrow(message);
  });

  it('believes the layout that it is told where the file leaves the channels open', () => {
    const open = withInputs({ x: ['float32', ['N', 'h', 'w', 'c']] });
    expect(openForeignNetwork(open, { layout: 'nhwc', size: 4 }).layout).toBe('nhwc');
    const closed = withInputs({ x: ['float32', ['N', 3, 4, 4]] });
    expect(() => openForeignNetwork(closed, { layout: 'nhwc' })).toThrow(
      'does not have three channels where nhwc has them',
    );
  });
});

describe('a model file of ours as a trunk', () => {
  it('gives at its last tensor the embeddings that the file gives', async () => {
    const bytes = await readFile(new URL('../../../models/demo/model.onnx', import.meta.url));
    const bytesOfPictures = Uint8Array.from(hashedUniform('bytes', 3 * 64 * 64 * 3), (share) =>
      Math.floor(256 * share),
    );
    const file = importModel(bytes);
    const { embedding } = await run(file, { image: tensor('uint8', [3, 64, 64, 3], bytesOfPictures) });
    const asTrained = (_: number, place: number) => {
      const [picture, channel, pixel] = [Math.floor(place / 12288), Math.floor(place / 4096) % 3, place % 4096];
      return bytesOfPictures[picture * 12288 + pixel * 3 + channel] / 255;
    };
    const image = float32([3, 3, 64, 64], Array.from({ length: bytesOfPictures.length }, asTrained));
    const unit = {
      mean: [0, 0, 0] as [number, number, number],
      deviation: [1 / 255, 1 / 255, 1 / 255] as [number, number, number],
    };
    const trunk = trunkOf(bytes, 'embedding', { frozen: 'all', size: 64, ...unit });
    checkTrunk(trunk);
    expectClose(await featuresOf(trunk, image), toNumbers(embedding));
  });
});
