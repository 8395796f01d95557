import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mobileNetwork } from '../../../test/fixtures/foreign-networks.ts';
import { smallNetwork } from '../../../test/support/small-run.ts';
import { packagedModel } from '../../foundation/packaged-model.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { Graph } from '../../graph/builder/graph.ts';
import { relu } from '../../graph/builder/operations.ts';
import { exportModel } from '../../graph/export/export-model.ts';
import { encodeSafetensors, readSafetensors } from '../../graph/safetensors/safetensors.ts';
import { sizeOf } from '../../graph/tensor/shape.ts';
import { float32, type Tensor, tensor } from '../../graph/tensor/tensor.ts';
import type { BackboneName } from '../../ranking/networks/convnets/backbone-table.ts';
import type { NetworkConfig } from '../../ranking/networks/network-config.ts';
import { assignWeights } from './assign-weights.ts';
import { importableBackbone, importableBackbones } from './importable-backbones.ts';
import { kerasLayers, numberedLayers } from './keras-layers.ts';
import { kerasRules } from './keras-rules.ts';
import { hwioToOihw, ioToOi } from './layouts.ts';
import { type LearntTensor, learntTensors } from './learnt-tensors.ts';
import { loadWeights } from './load-weights.ts';
import { torchRules } from './torch-rules.ts';

const golden = (name: string) => path.join(import.meta.dirname, '../../../test/golden/weights', name);
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'weights-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function written(tensors: ReadonlyMap<string, Tensor>, name = 'any.safetensors'): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, Buffer.concat([...encodeSafetensors(tensors)]));
  return file;
}

const network = (backbone: BackboneName) => smallNetwork(65, { backbone, paths: 'none' });

/** A state dictionary of zeros with torchvision's names; tensors of more than `most` elements have one only. */
function stateOf(backbone: BackboneName, most = Number.POSITIVE_INFINITY): Map<string, Tensor> {
  const state = new Map<string, Tensor>();
  for (const { name, shape } of learntTensors(network(backbone))) {
    const [foreign] = importableBackbone(backbone).weights.torchNames(name);
    if (foreign !== undefined) state.set(foreign, tensor('float32', sizeOf(shape) > most ? [1] : shape));
  }
  return state;
}

describe('loadWeights', () => {
  it('loads what fits, and says what it did not use and what starts at random', async () => {
    const state = stateOf('resnet18');
    state.set('conv1.weight', float32([64, 3, 7, 7], new Float32Array(64 * 147).fill(0.5)));
    state.set('fc.weight', tensor('float32', [1000, 512]));
    state.set('bn1.num_batches_tracked', tensor('int64', []));
    const file = await written(state);
    const loaded = await loadWeights(file, network('resnet18'));
    expect(loaded).toMatchObject({ file, format: 'safetensors', pixels: { pixelMean: [0.485, 0.456, 0.406] } });
    expect(loaded.sha256).toMatch(/^[0-9a-f]{64}$/);
    // 20 convolutions, and as many normalisations of four tensors each.
    expect(loaded.loaded).toHaveLength(100);
    expect(loaded.loaded).toContainEqual({
      name: 'backbone.stage2.block1.shortcut.norm.running_variance',
      from: 'layer2.0.downsample.1.running_var',
    });
    expect(loaded.weights.get('backbone.conv1.weight')?.data[7]).toBe(0.5);
    expect(loaded.skipped).toEqual([
      { name: 'bn1.num_batches_tracked', reason: 'a counter that nothing here needs' },
      { name: 'fc.weight', reason: 'no layer of this network has this name' },
    ]);
    expect(loaded.drawn.map(({ name }) => name)).toEqual(['embedding.weight', 'embedding.bias']);
  });

  it("leaves out a dense layer of another shape, as torchvision's VGG16 has it", () => {
    const learnt = [
      { name: 'backbone.dense1.weight', shape: [8, 2] },
      { name: 'backbone.dense1.bias', shape: [8] },
    ];
    const tensors = new Map<string, Tensor>([
      ['classifier.0.weight', tensor('float32', [8, 98])],
      ['classifier.0.bias', tensor('float32', [8])],
    ]);
    const { loaded, skipped, drawn } = assignWeights(
      { tensors, unread: new Map() },
      torchRules(importableBackbone('vgg16').weights),
      learnt,
    );
    const reason = "'classifier.0.weight' has shape [8, 98], the network wants [8, 2] for 'backbone.dense1.weight'";
    expect(drawn).toEqual([{ name: 'backbone.dense1.weight', reason }]);
    expect(skipped).toEqual([{ name: 'classifier.0.weight', reason }]);
    expect(loaded).toEqual([{ name: 'backbone.dense1.bias', from: 'classifier.0.bias' }]);
  });

  it('names the tensor, both shapes and the right backbone where a shape does not match', async () => {
    const file = await written(stateOf('resnet50', 50_000), 'fifty.safetensors');
    await expect(loadWeights(file, network('resnet18'))).rejects.toThrow(
      `cannot load '${file}' into the backbone resnet18: 'layer1.0.conv1.weight' has shape [64, 64, 1, 1], the network wants [64, 64, 3, 3] for 'backbone.stage1.block1.conv1.weight': these are names of choices.backbone: 'resnet50'`,
    );
    await expect(loadWeights(golden('vgg16.safetensors'), network('vgg16'))).rejects.toThrow(
      /'features\.0\.weight' has shape \[2, 3, 3, 3\], the network wants \[64, 3, 3, 3\] for 'backbone\.conv1_1\.weight': it holds .*; name the choices.backbone that it is for, or another file/,
    );
  });

  it.each(importableBackbones.map(({ name }) => name))(
    'knows the names of %s from those of the others',
    async (backbone) => {
      const other = backbone === 'vgg16' ? 'resnet18' : 'vgg16';
      const file = await written(stateOf(backbone, 50_000), `${backbone}.safetensors`);
      await expect(loadWeights(file, network(other))).rejects.toThrow(
        `these are names of choices.backbone: '${backbone}'`,
      );
    },
  );

  it('refuses what is missing, of another type, or not finite', async () => {
    const change = async (name: string, value?: Tensor) => {
      const state = stateOf('resnet18');
      if (value === undefined) state.delete(name);
      else state.set(name, value);
      return loadWeights(await written(state), network('resnet18'));
    };
    await expect(change('layer1.0.bn1.bias')).rejects.toThrow(
      "it lacks 'layer1.0.bn1.bias', of shape [64] here: it holds",
    );
    await expect(change('bn1.bias', tensor('int32', [64]))).rejects.toThrow(
      "'bn1.bias' has elements of type int32, and weights are float32 or float64: save it as float32",
    );
    const bad = float32([64], new Float32Array(64).fill(Number.NaN));
    await expect(change('bn1.bias', bad)).rejects.toThrow("element 0 of 'bn1.bias' is NaN: the file is damaged");
  });

  it.each(['module.', 'model.', 'backbone.', 'encoder.', 'features_extractor.', 'module.encoder_q.', 'a.b.c.'])(
    "takes a checkpoint whose names all stand behind '%s', and says so",
    async (prefix) => {
      const state = new Map([...stateOf('efficientnet-lite0')].map(([name, value]) => [`${prefix}${name}`, value]));
      const { size } = state;
      state.set(`${prefix}conv_stem.weight`, float32([32, 3, 3, 3], new Float32Array(32 * 27).fill(0.25)));
      state.set('head.weight', tensor('float32', [10, 512]));
      state.set(`${prefix}bn1.num_batches_tracked`, tensor('int64', []));
      const loaded = await loadWeights(await written(state), network('efficientnet-lite0'));
      expect(loaded.convention).toBe(`torchvision's and timm's names behind '${prefix}'`);
      expect([loaded.loaded.length, size]).toEqual([245, 245]);
      expect(loaded.weights.get('backbone.stem.weight')?.data[7]).toBe(0.25);
      expect(new Map(loaded.skipped.map(({ name, reason }) => [name, reason]))).toEqual(
        new Map([
          ['head.weight', 'no layer of this network has this name'],
          [`${prefix}bn1.num_batches_tracked`, 'a counter that nothing here needs'],
        ]),
      );
    },
  );

  it('names what is missing behind a prefix, another network behind one, and two networks in one file', async () => {
    const behind = (prefix: string, backbone: 'resnet18' | 'resnet50') =>
      [...stateOf(backbone, 50_000)].map(([name, value]) => [`${prefix}${name}`, value] as const);
    const lacking = new Map(behind('module.', 'resnet18'));
    lacking.delete('module.layer1.0.bn1.bias');
    lacking.set('module.bn1.num_batches_tracked', tensor('int64', []));
    await expect(loadWeights(await written(lacking), network('resnet18'))).rejects.toThrow(
      /it lacks 'module\.layer1\.0\.bn1\.bias', of shape \[64\] here: it holds (?!.*num_batches_tracked)module\.bn1\.bias, /,
    );
    const other = await written(new Map(behind('encoder.', 'resnet50')));
    await expect(loadWeights(other, network('resnet18'))).rejects.toThrow(
      "these are names of choices.backbone: 'resnet50'",
    );
    const two = await written(new Map([...behind('student.', 'resnet18'), ...behind('teacher.', 'resnet18')]));
    await expect(loadWeights(two, network('resnet18'))).rejects.toThrow(
      "it holds several such networks, behind 'student.' and 'teacher.': save one of them alone",
    );
  });

  it('takes float64 as float32', async () => {
    const state = stateOf('resnet18');
    state.set('bn1.bias', tensor('float64', [64], new Float64Array(64).fill(0.1)));
    const { weights } = await loadWeights(await written(state), network('resnet18'));
    expect(weights.get('backbone.conv1.norm.bias')).toEqual(float32([64], new Float32Array(64).fill(0.1)));
  });

  it('refuses backbones that nobody has weights for, and says why', async () => {
    await expect(loadWeights('none', network('alexnet'))).rejects.toThrow(
      "Krizhevsky's AlexNet (choices.backbone: 'alexnet') has no importable weights",
    );
    await expect(loadWeights('none', network('small'))).rejects.toThrow(
      "nobody publishes weights for choices.backbone: 'small', which is defined here. Weights can be loaded into choices.backbone vgg16,",
    );
  });

  it('refuses files that are no weights, and says what to do', async () => {
    const file = async (name: string, content: string | Uint8Array) => {
      await writeFile(path.join(folder, name), content);
      return loadWeights(path.join(folder, name), network('vgg16'));
    };
    await expect(file('a.pth', 'PK\x03\x04 zip')).rejects.toThrow('is a pickle of PyTorch, which can run code');
    await expect(file('a.keras', 'PK\x03\x04 zip')).rejects.toThrow('is a Keras 3 archive (.keras)');
    await expect(file('a.h5', 'hello')).rejects.toThrow(/cannot read '.*a\.h5' as an HDF5 file: .*; fetch it again/);
    await expect(file('a.safetensors', 'hello')).rejects.toThrow('it has only 5 bytes');
    await expect(loadWeights(path.join(folder, 'no'), network('vgg16'))).rejects.toThrow('there is no such file');
    const cut = (await readFile(golden('vgg16-notop.h5'))).subarray(0, 3000);
    await expect(file('cut.h5', cut)).rejects.toThrow(/'.*cut\.h5' as an HDF5 file: truncated file/);
    await expect(loadWeights(golden('vgg16-notop.h5'), network('resnet18'))).rejects.toThrow(
      "of Keras files only those of VGG16 are known: use choices.backbone: 'vgg16'",
    );
    await expect(loadWeights(golden('vgg16-notop.h5'), network('vgg16'))).rejects.toThrow(
      "'block1_conv1/block1_conv1_W_1:0' has shape [3, 3, 3, 2], [2, 3, 3, 3] in our order, the network wants [64, 3, 3, 3]",
    );
  });

  it('reads as many tensors as the reference libraries wrote', async () => {
    expect((await readSafetensors(golden('vgg16.safetensors'))).tensors.size).toBe(32);
  });
});

describe('kerasLayers', () => {
  it('finds layers by the ends of paths, of Keras 1, 2 and 3, within models, without the optimiser', () => {
    const paths = [
      'block1_conv1/block1_conv1_W_1:0',
      'block1_conv1/block1_conv1_b_1:0',
      'model_weights/dense_1/dense_1/kernel:0',
      'model_weights/dense_1/dense_1/bias:0',
      'vgg16/block2_conv1/kernel',
      'optimizer_weights/SGD/dense_1/kernel/momentum:0',
      'dense_1/dense_1/gamma:0',
      'lonely',
    ];
    expect([...kerasLayers(paths)]).toEqual([
      ['block1_conv1', { kernel: paths[0], bias: paths[1] }],
      ['dense_1', { kernel: paths[2], bias: paths[3] }],
      ['block2_conv1', { kernel: paths[4] }],
    ]);
    expect(() => kerasLayers(['a/x/kernel:0', 'b/x/kernel:0'])).toThrow(
      "'a/x/kernel:0' and 'b/x/kernel:0' would both be the kernel of the layer 'x'",
    );
  });

  it('orders the layers that Keras numbered, with or without a first number', () => {
    const layers = kerasLayers([
      'dense_10/kernel',
      'dense/kernel',
      'dense_2/kernel',
      'conv2d_1/kernel',
      'dense_x/kernel',
    ]);
    expect(numberedLayers(layers, 'dense').map(({ kernel }) => kernel)).toEqual([
      'dense/kernel',
      'dense_2/kernel',
      'dense_10/kernel',
    ]);
  });
});

describe("Keras 3's save_weights", () => {
  const counts = [2, 2, 3, 3, 3];
  const numbered = (layers: number, before = 'layers') =>
    Array.from({ length: layers }, (_, n) => `${before}/conv2d${n === 0 ? '' : `_${n}`}/vars`);
  const variables = (layers: readonly string[]) => layers.flatMap((layer) => [`${layer}/0`, `${layer}/1`]);
  const more = ['layers/dense/vars/0', 'layers/dense/vars/1', 'optimizer/vars/0', 'vars/0'];

  it.each(['layers', 'layers/functional/layers', '_layer_checkpoint_dependencies'])(
    'has the thirteen convolutions in the order of the layers, in %s',
    (before) => {
      const layers = numbered(13, before);
      // As HDF5 lists them: by name, so that the tenth comes before the second.
      const rules = kerasRules([...variables(layers), ...more].sort(), network('vgg16'));
      let at = 0;
      for (const [block, count] of counts.entries()) {
        for (let place = 1; place <= count; place++, at++) {
          for (const [ours, number] of [
            ['weight', 0],
            ['bias', 1],
          ] as const) {
            const rule = rules.ruleOf(`backbone.conv${block + 1}_${place}.${ours}`);
            expect(rule).toMatchObject({ from: [`${layers[at]}/${number}`], required: true });
          }
        }
      }
      expect(rules.convention).toContain('Keras 3');
    },
  );

  it('may have the names of layers', () => {
    const named = counts.flatMap((count, block) =>
      Array.from({ length: count }, (_, place) => `layers/block${block + 1}_conv${place + 1}/vars`),
    );
    const rules = kerasRules(variables(named), network('vgg16'));
    expect(rules.ruleOf('backbone.conv3_2.weight')?.from).toEqual(['layers/block3_conv2/vars/0']);
    expect(rules.ruleOf('backbone.conv5_3.bias')?.from).toEqual(['layers/block5_conv3/vars/1']);
  });

  it.each([1, 12, 15])('is refused with %i convolutions, and what to do', (count) => {
    expect(() => kerasRules(variables(numbered(count)), network('vgg16'))).toThrow(
      `which leaves out the names of layers, and has ${count} convolutions where VGG16 has 13: save the whole model as HDF5, with model.save('x.h5')`,
    );
  });
});

describe('layouts', () => {
  it('puts filters and channels in front, and turns channels where asked', () => {
    // Element [h, w, c, f] is 1000 h + 100 w + 10 c + f.
    const shape = [2, 3, 3, 2];
    const at = (h: number, w: number, c: number, f: number) => 1000 * h + 100 * w + 10 * c + f;
    const elements: number[] = [];
    for (let h = 0; h < 2; h++)
      for (let w = 0; w < 3; w++) for (let c = 0; c < 3; c++) for (let f = 0; f < 2; f++) elements.push(at(h, w, c, f));
    for (const turned of [false, true]) {
      const y = hwioToOihw(float32(shape, elements), turned ? (c) => 2 - c : undefined);
      expect(y.shape).toEqual([2, 3, 2, 3]);
      let place = 0;
      for (let f = 0; f < 2; f++)
        for (let c = 0; c < 3; c++)
          for (let h = 0; h < 2; h++)
            for (let w = 0; w < 3; w++) expect(y.data[place++]).toBe(at(h, w, turned ? 2 - c : c, f));
    }
    expect(() => hwioToOihw(float32([2], [1, 2]))).toThrow('four axes');
  });

  it('transposes dense weights, and puts inputs where asked', () => {
    expect(ioToOi(float32([3, 2], [1, 2, 3, 4, 5, 6]))).toEqual(float32([2, 3], [1, 3, 5, 2, 4, 6]));
    expect(ioToOi(float32([3, 2], [1, 2, 3, 4, 5, 6]), (i) => (i + 1) % 3)).toEqual(
      float32([2, 3], [5, 1, 3, 6, 2, 4]),
    );
    expect(() => ioToOi(float32([2], [1, 2]))).toThrow('two axes');
  });
});

describe('loadWeights from a model file of ours', () => {
  const config = smallNetwork(16, { paths: 'none', embeddingDimension: 8 });

  it('takes every weight by its own name, and the pixels of the model', async () => {
    const file = path.join(folder, 'own.onnx');
    const network = { ...config, pixelMean: 0.25, pixelDeviation: 0.5, grey: true };
    const learnt = learntTensors(network);
    const given = await writeOwnModel(file, network, learnt);
    const { weights, pixels, loaded, drawn, skipped, format } = await loadWeights(file, config);
    expect(format).toBe('model');
    expect(pixels).toMatchObject({ pixelMean: 0.25, pixelDeviation: 0.5, grey: true });
    expect(loaded.map(({ name }) => name)).toEqual(learnt.map(({ name }) => name));
    expect([drawn, skipped]).toEqual([[], []]);
    expect(weights).toEqual(given);
    // Another size or length: what does not fit is drawn, and it is said.
    const longer = await loadWeights(file, { ...config, embeddingDimension: 12 });
    expect(longer.drawn.map(({ name }) => name)).toEqual(['embedding.weight', 'embedding.bias']);
  });

  it('refuses other backbones, and files that are no model of ours, with what to do', async () => {
    const file = path.join(folder, 'resnet.onnx');
    const resnet = smallNetwork(65, { backbone: 'resnet18', paths: 'none' });
    await writeOwnModel(file, resnet, []);
    await expect(loadWeights(file, config)).rejects.toThrow(
      `cannot load '${file}' into the backbone small: it is of the backbone resnet18: use choices.backbone: 'resnet18'`,
    );
    await expect(loadWeights(file, resnet)).rejects.toThrow(/it lacks 'backbone\.conv1\.weight'.*with other choices/);
    await expect(loadWeights(packagedModel, config)).rejects.toThrow(
      'its network is a pretrained one with a head, which is a backbone as it is: use choices.trunk',
    );
    const foreign = path.join(folder, 'foreign.onnx');
    await writeFile(foreign, mobileNetwork());
    await expect(loadWeights(foreign, config)).rejects.toThrow('it is no model file of ours');
    await expect(loadWeights(path.join(folder, 'no.onnx'), config)).rejects.toThrow('there is no such file');
  });
});

/** A file with a network's weights and what it says of itself; it computes nothing. Returns the weights. */
async function writeOwnModel(
  file: string,
  network: NetworkConfig,
  learnt: readonly LearntTensor[],
): Promise<Map<string, Tensor>> {
  const random = RandomSource.fromSeed(3);
  const graph = new Graph();
  const given = new Map<string, Tensor>();
  for (const { name, shape } of learnt) {
    const value = float32(
      shape,
      Float32Array.from({ length: sizeOf(shape) }, () => random.normal()),
    );
    given.set(name, value);
    graph.output(`${name}.out`, relu(graph.constant(value, name)));
  }
  if (learnt.length === 0) graph.output('none', relu(graph.constant(float32([1], [0]), 'other')));
  graph.metadata.set('lookalike.network', JSON.stringify(network));
  await writeFile(file, exportModel(graph));
  return given;
}
