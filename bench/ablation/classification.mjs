import { BlockedEngine } from '../../dist/engines/onnxruntime/blocked-engine.js';
import { RandomSource } from '../../dist/foundation/random/random-source.js';
import { backward } from '../../dist/graph/autodiff/backward.js';
import { Graph } from '../../dist/graph/builder/graph.js';
import {
  cast,
  div,
  l2Normalize,
  logSoftmax,
  mul,
  neg,
  reduceMean,
  reduceSum,
  sub,
  transpose,
} from '../../dist/graph/builder/operations.js';
import { tensor } from '../../dist/graph/tensor/tensor.js';
import { WorkerEngine } from '../../dist/index.js';
import { PixelCache } from '../../dist/pictures/preparation/pixel-cache.js';
import { preprocessingRule } from '../../dist/pictures/preparation/preprocessing-rule.js';
import { smallBackbone } from '../../dist/ranking/networks/convnets/small.js';
import { linear } from '../../dist/ranking/networks/layers.js';
import { InferenceScope, TrainingScope } from '../../dist/ranking/networks/network-scope.js';
import { learningRateFactor } from '../../dist/ranking/optimizers/learning-rate-schedule.js';
import { sgd } from '../../dist/ranking/optimizers/sgd.js';
import { ShuffledEpochs } from '../../dist/ranking/triplets/samplers/shuffled-epochs.js';
import { gradientOf, nextOf } from '../../dist/training/step/network-graphs.js';
import { stateOf, successorOf, updateGraph } from '../../dist/training/step/update-graph.js';
import { distanceMatrix } from './distance-matrix.mjs';
import { rowsPerStep } from './networks.mjs';

const size = 64;
/** What the other rows measure on the emoji. */
const pixels = { pixelMean: 0.75, pixelDeviation: 0.3 };
const network = { batchNormalization: true, dropout: 0 };
const optimizer = sgd({ momentum: 0.9, nesterov: true, weightDecay: 1e-4 });
const schedule = /** @type {const} */ ({ kind: 'cosine', warmup: 0.05, every: 1, factor: 1 });

/** The ConvNet alone, on bytes: [N, 192] behind its last ReLU. */
function features(scope, rows) {
  const bytes = scope.graph.input('image', 'uint8', [rows, size, size, 3]);
  const image = div(cast(transpose(bytes, [0, 3, 1, 2]), 'float32'), 255);
  return smallBackbone(scope, div(sub(image, pixels.pixelMean), pixels.pixelDeviation), network);
}

/** Cross-entropy of the training classes, its gradients and the statistics' successors. */
function stepGraph(classes) {
  const graph = new Graph();
  const scope = new TrainingScope(graph);
  const logits = linear(scope, 'classes', features(scope, rowsPerStep), classes);
  const target = graph.input('target', 'float32', [rowsPerStep, classes]);
  const loss = neg(reduceMean(reduceSum(mul(target, logSoftmax(logits)), [1])));
  graph.output('loss', loss);
  const parameters = [...scope.parameters.values()];
  const gradients = backward(
    loss,
    parameters.map(({ value }) => value),
  );
  for (const [index, { spec }] of parameters.entries()) graph.output(gradientOf(spec.name), gradients[index]);
  for (const [name, { next }] of scope.statistics) graph.output(nextOf(name), next);
  return { graph, scope };
}

/**
 * Trains the network's ConvNet to tell the training classes apart (softmax, cross-entropy, every picture once an epoch) and
 * gives the distances of its features, of length 1, on the classes it has not seen.
 */
export async function classificationDistances({ train, test }, { row, seed, steps, threads, onStep }, engine) {
  const training = await BlockedEngine.over(await WorkerEngine.create({ threads }));
  const { graph, scope } = stepGraph(train.classes.length);
  const program = await training.compile(graph, { name: 'step', asBuilt: true });
  const specs = [...scope.parameters.values()].map(({ spec }) => spec);
  const update = await training.compile(updateGraph(specs, optimizer, null), { name: 'update', asBuilt: true });
  const held = new Map();
  const gradients = {};
  for (const { name, shape, initializer } of specs) {
    const initial = initializer(shape, RandomSource.fromSeed(seed, `weight ${name}`));
    held.set(name, await training.hold(tensor('float32', shape, initial)));
    for (const state of optimizer.stateNames) {
      held.set(stateOf(state, name), await training.hold(tensor('float32', shape)));
    }
    gradients[gradientOf(name)] = await training.hold(tensor('float32', shape));
  }
  const statistics = {};
  for (const { spec } of scope.statistics.values()) {
    const start = tensor('float32', spec.shape);
    start.data.fill(spec.initial);
    held.set(spec.name, await training.hold(start));
    statistics[nextOf(spec.name)] = held.get(spec.name);
  }
  const successors = Object.fromEntries(
    [...held].filter(([name]) => !scope.statistics.has(name)).map(([name, own]) => [successorOf(name), own]),
  );
  const only = (names) => Object.fromEntries(names.map((name) => [name, held.get(name)]));
  const network = only([...scope.parameters.keys(), ...scope.statistics.keys()]);
  const learnt = only([...held.keys()].filter((name) => !scope.statistics.has(name)));

  const pictures = pixelsOf(train);
  const order = ShuffledEpochs.fromSeed(train.images.length, seed);
  let seconds = 0;
  for (let step = 1; step <= steps; step++) {
    const started = performance.now();
    const places = Array.from({ length: rowsPerStep }, () => order.next());
    const target = new Float32Array(rowsPerStep * train.classes.length);
    for (const [row, place] of places.entries()) target[row * train.classes.length + train.images[place].label] = 1;
    const { loss } = await program.run(
      {
        ...network,
        image: await batchOf(pictures, places),
        target: tensor('float32', [rowsPerStep, train.classes.length], target),
      },
      { fetch: ['loss'], into: { ...gradients, ...statistics } },
    );
    const rate = row.settings.learningRate * learningRateFactor(schedule, step, steps);
    await update.run(
      {
        ...learnt,
        ...gradients,
        learning_rate: tensor('float32', [], Float32Array.of(rate)),
        step: tensor('float32', [], Float32Array.of(step)),
      },
      { fetch: [], into: successors },
    );
    seconds += (performance.now() - started) / 1000;
    onStep({ step, loss: loss.data[0], seconds });
  }
  const weights = new Map();
  for (const [name, own] of Object.entries(network)) weights.set(name, await own.read());
  await training.close();
  const table = await embed(engine, weights, test);
  return { matrix: await distanceMatrix(engine, table), seconds };
}

async function embed(engine, weights, test) {
  const pictures = pixelsOf(test);
  const count = test.images.length;
  const graph = new Graph();
  const scope = new InferenceScope(graph, weights);
  graph.output('features', l2Normalize(features(scope, rowsPerStep)));
  const program = await engine.compile(graph, { name: 'features' });
  const rows = [];
  for (let first = 0; first < count; first += rowsPerStep) {
    const places = Array.from({ length: rowsPerStep }, (_, row) => Math.min(first + row, count - 1));
    const { features: block } = await program.run({ image: await batchOf(pictures, places) });
    rows.push(block.data.subarray(0, Math.min(rowsPerStep, count - first) * 192));
  }
  await program.release();
  const data = new Float32Array(count * 192);
  for (let place = 0, at = 0; place < rows.length; at += rows[place++].length) data.set(rows[place], at);
  return { data, dimension: 192 };
}

const pixelsOf = (dataset) => new PixelCache(dataset, preprocessingRule(size, size));

const batchOf = async (cache, places) => tensor('uint8', [rowsPerStep, size, size, 3], await cache.batch(places));
