import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePictures } from './fixtures/make-pictures.ts';

// The built entries, as a program in plain JavaScript has them: no compiler looks at what it gives.
const entry = async (name: string) => import(pathToFileURL(path.join(import.meta.dirname, '../dist', name)).href);
const library = (await entry('index.js')) as typeof import('../src/index.ts');
const measures = (await entry('evaluation.js')) as typeof import('../src/evaluation.ts');
const losses = (await entry('losses.js')) as typeof import('../src/losses.ts');
const images = (await entry('images.js')) as typeof import('../src/images.ts');
const stores = (await entry('stores.js')) as typeof import('../src/stores.ts');
const graphs = (await entry('graph.js')) as typeof import('../src/graph.ts');
const { LookalikeError } = library;

/** A call, the code of its error, and, of a wrong argument, its path and the nearest name that there is. */
type WrongCall = readonly [
  name: string,
  call: () => unknown,
  expected: { readonly code: string; readonly path?: string; readonly nearest?: string },
];

let folder = '';
let material: Awaited<ReturnType<typeof library.loadTrainingMaterial>>;
let model: Awaited<ReturnType<typeof library.loadModel>>;
let closed: typeof model;
let engine: Awaited<ReturnType<typeof library.OnnxruntimeEngine.create>>;
let before: string[] = [];
const at = (name: string) => path.join(folder, name);
const filesIn = async () => (await readdir(folder, { recursive: true })).sort();

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'wrong calls '));
  await makePictures(at('pictures'), { classes: 3, picturesPerClass: 3, size: 16 });
  material = await library.loadTrainingMaterial(at('pictures'));
  engine = await library.OnnxruntimeEngine.create({ threads: 1 });
  model = await library.loadModel(library.packagedModel, { engine });
  closed = await library.loadModel(library.packagedModel, { engine });
  await closed.close();
  before = await filesIn();
});
afterAll(async () => {
  await model.close();
  await engine.close();
  await rm(folder, { recursive: true });
});

const wrong = (at: string, nearest?: string) => ({ code: 'usage', path: at, ...(nearest && { nearest }) });
const train = (options: object) => () => library.train({ material, folder: at('run'), ...options } as never);
const choose = (choices: object) => train({ choices: { steps: 1, ...choices } });
const embeddings = Float32Array.of(1, 0, 0, 1, 1, 0, 0, 1);
const evaluate = (options: object) => () =>
  library.evaluateEmbeddings({ embeddings, dimension: 2, labels: [0, 1, 0, 1], engine, ...options } as never);
const quantize = (options: object) => () =>
  library.quantizeModel({
    model: library.packagedModel,
    output: at('small.onnx'),
    dataset: material.dataset,
    engine,
    ...options,
  } as never);
const ranking = { relevant: Uint8Array.of(1, 0), relevantCount: 1 };
const stamp = {
  modelId: '0'.repeat(64),
  modelName: 'model.onnx',
  dimension: 2,
  distance: 'cosine',
  preprocessing: 'x',
} as const;
const picture = { width: 2, height: 2, data: new Uint8Array(12) };
const catalogue = async () => library.openCatalogue(at('store'), { model });

const trainCalls: WrongCall[] = [
  ['a misspelt choice', choose({ learning_rate: 3 }), wrong('choices.learning_rate', 'learningRate')],
  ['an optimiser that there is not', choose({ optimizer: 'lion' }), wrong('choices.optimizer')],
  ['a misspelt optimiser', choose({ optimizer: 'adam-w' }), wrong('choices.optimizer', 'adamw')],
  ['a misspelt preset', choose({ preset: 'smal' }), wrong('choices.preset', 'small')],
  ['a misspelt loss', choose({ loss: 'multisimilarity' }), wrong('choices.loss', 'multi-similarity')],
  ['a misspelt backbone', choose({ backbone: 'resnet-18' }), wrong('choices.backbone', 'resnet18')],
  ['a misspelt miner', choose({ loss: 'hinge', miner: 'batchhard' }), wrong('choices.miner', 'batch-hard')],
  [
    'a misspelt setting of a loss',
    choose({ loss: 'multi-similarity', lossSettings: { alhpa: 2 } }),
    wrong('choices.lossSettings.alhpa', 'alpha'),
  ],
  ['a choice of another loss', choose({ gap: 0.2 }), wrong('choices.gap')],
  ['rows that make no triplets', choose({ loss: 'hinge', rows: 7 }), wrong('choices.rows')],
  ['a text for a number', choose({ rows: '12' }), wrong('choices.rows')],
  ['half a row', choose({ rows: 12.5 }), wrong('choices.rows')],
  ['a share of more than is there', choose({ heldOut: 2 }), wrong('choices.heldOut')],
  ['a learning rate that is no number', choose({ learningRate: Number.NaN }), wrong('choices.learningRate')],
  ['a backbone file without its path', choose({ trunk: { cut: 'x' } }), wrong('choices.trunk.file')],
  [
    'a misspelt word about a backbone file',
    choose({ trunk: { file: 'a.onnx', freze: 'all' } }),
    wrong('choices.trunk.freze', 'freeze'),
  ],
  ['an augmentation by its name', choose({ augmentation: 'full' }), wrong('choices.augmentation')],
  ['choices that are none', train({ choices: 'small' }), wrong('choices')],
  ['a misspelt option', train({ checkpointSecond: 1 }), wrong('checkpointSecond', 'checkpointSeconds')],
  ['no material', train({ material: undefined }), wrong('material')],
  [
    'material that was not waited for',
    () => library.train({ material: Promise.resolve(material), folder: at('run') } as never),
    wrong('material'),
  ],
  ['no folder', train({ folder: undefined }), wrong('folder')],
  ['no options at all', () => library.train(undefined as never), wrong('options')],
  ['a controller for its signal', train({ signal: new AbortController() }), wrong('signal')],
  ['a signal that is aborted', train({ signal: AbortSignal.abort() }), { code: 'aborted' }],
  [
    'a limit of pictures that there is not',
    train({ pictureLimits: { pixel: 1 } }),
    wrong('pictureLimits.pixel', 'pixels'),
  ],
  ['a run that is not there, to be resumed', train({ resume: true }), { code: 'training' }],
  ['no folder to examine', () => library.examineRun({ threads: 1 } as never), wrong('folder')],
  ['no place of pictures to learn from', () => library.loadTrainingMaterial(undefined as never), wrong('location')],
];

const modelCalls: WrongCall[] = [
  [
    'a misspelt option of loading',
    () => library.loadModel(library.packagedModel, { thread: 1 } as never),
    wrong('thread', 'threads'),
  ],
  ['no threads', () => library.loadModel(library.packagedModel, { threads: 0 }), wrong('threads')],
  ['a path that is missing', () => library.loadModel(undefined as never), wrong('path')],
  ['a model that is not there', () => library.loadModel(at('none.onnx')), { code: 'model' }],
  ['an image that is none', () => model.embedImage(7 as never), wrong('image')],
  ['images that are none', () => model.embedImages('a.png' as never), wrong('images')],
  [
    'a misspelt option of embedding',
    () => library.embedAll(model, [], { onProgres: () => {} } as never),
    wrong('onProgres', 'onProgress'),
  ],
  [
    'an aborted embedding',
    () => library.embedAll(model, ['a.png'], { signal: AbortSignal.abort() }),
    { code: 'aborted' },
  ],
  ['a model that is closed', () => closed.embedImage(at('none.png')), { code: 'model' }],
  ['many images to a model that is closed', () => library.embedAll(closed, [at('none.png')]), { code: 'model' }],
  ['a comparison without a model', () => library.compareImages(undefined as never, 'a', 'b'), wrong('embedder')],
  [
    'a comparison by a misspelt distance',
    () => library.compareImages(model, 'a', 'b', { distance: 'cosin' as never }),
    wrong('distance', 'cosine'),
  ],
  [
    'a misspelt option of quantising',
    quantize({ calibrationImage: 3 }),
    wrong('calibrationImage', 'calibrationImages'),
  ],
  ['ranges that there are not', quantize({ ranges: 'min_max' }), wrong('ranges', 'min-max')],
  ['a quantisation that is aborted', quantize({ signal: AbortSignal.abort() }), { code: 'aborted' }],
  [
    'an engine with a misspelt setting',
    () => library.OnnxruntimeEngine.create({ thread: 2 } as never),
    wrong('thread', 'threads'),
  ],
  [
    'a thread with a misspelt setting',
    () => library.WorkerEngine.create({ provider: ['cpu'] } as never),
    wrong('provider', 'providers'),
  ],
];

const catalogueCalls: WrongCall[] = [
  ['no store', () => library.openCatalogue(undefined as never, { model }), wrong('storeUri')],
  [
    'a misspelt option of a catalogue',
    () => library.openCatalogue(at('store'), { distnace: 'cosine' } as never),
    wrong('distnace', 'distance'),
  ],
  [
    'a distance that a catalogue has not',
    () => library.openCatalogue(at('store'), { model, distance: 'euclidian' as never }),
    wrong('distance', 'euclidean'),
  ],
  ['a model that is none', () => library.openCatalogue(at('store'), { model: 3 as never }), wrong('model')],
  ['a store that is not there', () => library.openCatalogue(at('store')), { code: 'store' }],
  [
    'a misspelt option of indexing',
    async () => (await catalogue()).index(at('pictures'), { recheckd: true } as never),
    wrong('recheckd', 'recheck'),
  ],
  [
    'an indexing that is aborted',
    async () => (await catalogue()).index(at('pictures'), { signal: AbortSignal.abort() }),
    { code: 'aborted' },
  ],
  ['half a neighbour', async () => (await catalogue()).search('a.png', 0.5), wrong('k')],
  [
    'a misspelt filter',
    async () => (await catalogue()).search('a.png', 1, { prefx: 'a' } as never),
    wrong('filter.prefx', 'prefix'),
  ],
  [
    'a catalogue that is closed',
    async () => {
      const opened = await catalogue();
      await opened.close();
      return opened.search(at('pictures'));
    },
    { code: 'store' },
  ],
];

const evaluationCalls: WrongCall[] = [
  ['a distance by another name', () => library.searchDistanceByName('l2' as never), wrong('distance')],
  ['a misspelt distance', () => library.searchDistanceByName('euclidian' as never), wrong('distance', 'euclidean')],
  ['a misspelt distance to learn by', () => losses.distanceByName('cosin' as never), wrong('distance', 'cosine')],
  ['no engine', evaluate({ engine: undefined }), wrong('engine')],
  ['rows of arrays', evaluate({ embeddings: [[1, 0]] }), wrong('embeddings')],
  ['a dimension of nothing', evaluate({ dimension: 0 }), wrong('dimension')],
  ['labels that are names', evaluate({ labels: ['a', 'b', 'a', 'b'] }), wrong('labels.0')],
  ['too few labels', evaluate({ labels: [0, 1] }), wrong('labels')],
  ['a misspelt option of measuring', evaluate({ resample: 10 }), wrong('resample', 'resamples')],
  ['a K of nothing', evaluate({ ks: [0] }), wrong('ks')],
  [
    'triplets that are none',
    () => measures.evaluateTriplets({ embeddings, dimension: 2, triplets: 3 } as never),
    wrong('triplets'),
  ],
  [
    'a triplet of rows that are not there',
    () => measures.evaluateTriplets({ embeddings, dimension: 2, triplets: [{ query: 0, positive: 9, negative: 1 }] }),
    wrong('triplets.0.positive'),
  ],
  [
    'no neighbours',
    () => measures.nearestNeighbours({ data: embeddings, dimension: 2 }, { k: 0, engine }).next(),
    wrong('k'),
  ],
  ['no seed', () => measures.bootstrapMeans([Float64Array.of(1)], {} as never), wrong('seed')],
  [
    'a calibration without a distance',
    () => measures.fitCalibration({ embeddings, dimension: 2, labels: [0, 1, 0, 1], seed: 0, source: '' } as never),
    wrong('distance'),
  ],
  [
    'too little to calibrate by',
    () =>
      measures.fitCalibration({
        embeddings,
        dimension: 2,
        labels: [0, 1, 0, 1],
        seed: 0,
        source: '',
        distance: 'cosine',
      }),
    { code: 'too-few-pairs' },
  ],
  ['the places of a measure as a text', () => measures.recallAtK(ranking, '1' as never), wrong('k')],
  ['no places of a measure', () => measures.recallAtK(ranking, 0), wrong('k')],
  ['a measure of no ranking', () => measures.recallAtK([1, 0] as never, 1), wrong('ranking')],
  ['no calibration', () => measures.shareAlike(undefined as never, 0.5), wrong('calibration')],
  [
    'a misspelt option of OASIS',
    () => new measures.Oasis(2, { agressiveness: 1 } as never),
    wrong('agressiveness', 'aggressiveness'),
  ],
];

const otherCalls: WrongCall[] = [
  ['no data set', () => library.loadDataset(undefined as never), wrong('location')],
  [
    'a part that there is not',
    () => images.loadDataset(at('pictures'), { part: 'trian' as never }),
    wrong('part', 'train'),
  ],
  ['a data set that is not there', () => images.loadDataset(at('none')), { code: 'dataset' }],
  ['a path in the place of a data set', () => images.inspectDataset(at('pictures') as never), wrong('dataset')],
  [
    'limits in the place of options of an inspection',
    () => images.inspectDataset(material.dataset, { limits: {} } as never),
    wrong('limits'),
  ],
  [
    'a misspelt option of thumbnails',
    () => images.thumbnailsOf([], { onProgres() {} } as never),
    wrong('onProgres', 'onProgress'),
  ],
  ['a picture by its path where a source is wanted', () => images.decodeImage('a.png' as never), wrong('source')],
  ['a picture that is none', () => images.imageOf(null as never), wrong('image')],
  ['no picture', () => images.hog(undefined as never), wrong('image')],
  [
    'a misspelt option of HOG',
    () => images.hog({ width: 32, height: 32, data: new Uint8Array(3072) }, { cellsize: 8 } as never),
    wrong('cellsize', 'cellSize'),
  ],
  ['no thumbnails', () => images.nearIdenticalPairs(undefined as never), wrong('thumbnails')],
  ['a resize of no picture', () => images.resizeTriangle(undefined as never, 2, 2), wrong('image')],
  ['a resize to half a pixel', () => images.resizeTriangle(picture, 1.5, 2), wrong('width')],
  ['a resize to a text', () => images.resizeTriangle(picture, 2, '2' as never), wrong('height')],
  ['a PNG of a path', () => images.encodePng('a.png' as never), wrong('image')],
  ['a split of one name', () => images.splitByClassHash('cat' as never), wrong('classes')],
  ['a split of numbers', () => images.splitByClassHash([1, 2] as never), wrong('classes')],
  ['a seed that is a text', () => losses.RandomSource.fromSeed('7' as never), wrong('seed')],
  ['a stream without a name', () => losses.RandomSource.fromSeed(7, 7 as never), wrong('name')],
  ['a state that is none', () => losses.RandomSource.fromState(undefined as never), wrong('state')],
  ['a file of tensors by its path', () => graphs.decodeSafetensors('a.safetensors' as never), wrong('bytes')],
  ['a store without a place', () => stores.lanceDbStores.open(undefined as never, stamp), wrong('uri')],
  ['a store without a stamp', () => stores.lanceDbStores.open(at('store'), undefined as never), wrong('stamp')],
  [
    'a store by a misspelt distance',
    () => stores.lanceDbStores.open(at('store'), { ...stamp, distance: 'cosin' as never }),
    wrong('stamp.distance', 'cosine'),
  ],
  [
    'a store with a misspelt option',
    () => stores.lanceDbStores.open(at('store'), stamp, { craete: true } as never),
    wrong('craete', 'create'),
  ],
  ['an input without a name', () => new graphs.Graph().input(undefined as never, 'float32', [1]), wrong('name')],
  [
    'an input of a misspelt type',
    () => new graphs.Graph().input('x', 'float23' as never, [1]),
    wrong('type', 'float32'),
  ],
  ['an input without a shape', () => new graphs.Graph().input('x', 'float32', undefined as never), wrong('shape')],
  ['a constant that is a number', () => new graphs.Graph().constant(3 as never), wrong('tensor')],
  [
    'an operator that there is not',
    () => new graphs.Graph().apply('MatMull' as never, [], {} as never),
    wrong('op', 'MatMul'),
  ],
  ['an operator without inputs', () => new graphs.Graph().apply('Relu', undefined as never, {}), wrong('inputs')],
  ['an output of nothing', () => new graphs.Graph().output('y', undefined as never), wrong('value')],
  ['a gap of nothing', () => losses.hinge(0, losses.euclidean), wrong('gap')],
  ['a distance by its name', () => losses.hinge(0.2, 'euclidean' as never), wrong('distance')],
  [
    'a loss without a setting',
    () => losses.multiSimilarity({ alpha: 2, beta: 50, base: 0.5 } as never),
    wrong('epsilon'),
  ],
  [
    'a loss with a misspelt setting',
    () => losses.proxyAnchor({ classes: 2, scale: 32, margin: 0.1, proxyrate: 1 } as never),
    wrong('proxyrate', 'proxyRate'),
  ],
  ['a model file that is a path', () => graphs.importModel('model.onnx' as never), wrong('bytes')],
  [
    'a misspelt option of the export',
    () => graphs.exportModel(new graphs.Graph(), { nam: 'x' } as never),
    wrong('nam', 'name'),
  ],
  [
    'a misspelt word about gradients',
    () => graphs.backward(undefined as never, [], { unreached: 'zeros' as never }),
    wrong('unreached', 'zero'),
  ],
];

const calls = [...trainCalls, ...modelCalls, ...catalogueCalls, ...evaluationCalls, ...otherCalls];

describe('a wrong call from plain JavaScript', () => {
  it.each(calls)('%s is an error of ours', async (_, call, { code, path: place, nearest }) => {
    const thrown = await Promise.resolve()
      .then(call)
      .then(
        () => undefined,
        (error: unknown) => error,
      );
    expect(thrown).toBeInstanceOf(LookalikeError);
    expect(thrown).not.toBeInstanceOf(TypeError);
    expect(thrown).toMatchObject({ code, ...(place && { path: place }), ...(nearest && { nearest }) });
    const { message } = thrown as Error;
    expect(message).not.toMatch(/--[a-z]|^undefined|\[object/);
    if (nearest !== undefined) expect(message).toContain(`did you mean ${nearest}?`);
  });

  it('trains nothing and writes nothing', async () => {
    expect(calls.length).toBeGreaterThanOrEqual(40);
    expect(existsSync(at('run'))).toBe(false);
    expect(await filesIn()).toEqual(before);
  });
});
