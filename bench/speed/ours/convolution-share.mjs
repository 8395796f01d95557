// Speed of the article network's convolutions over the engine's matrix product: convolution-share.mjs <threads>
// Each layer alone, 24 rows: forward, gradient by the weights and, but for layers that see the picture, by the input.

import { matmulSpeed } from '../../../dist/app/machine-speed/matmul-speed.js';
import { benchConfig } from '../../../dist/app/machine-speed/step-speed.js';
import { BlockedEngine } from '../../../dist/engines/onnxruntime/blocked-engine.js';
import { OnnxruntimeEngine } from '../../../dist/engines/onnxruntime/onnxruntime-engine.js';
import { backward } from '../../../dist/graph/autodiff/backward.js';
import { Graph } from '../../../dist/graph/builder/graph.js';
import { conv } from '../../../dist/graph/builder/operations.js';
import { tensor } from '../../../dist/graph/tensor/tensor.js';
import { rowsOf } from '../../../dist/training/configuration/training-config.js';
import { evaluationGraph } from '../../../dist/training/step/network-graphs.js';
import { say } from './say.mjs';

const threads = Number(process.argv[2]);
const config = benchConfig('article', threads);
const rows = rowsOf(config.batch);
const engine = await BlockedEngine.over(await OnnxruntimeEngine.create({ threads }));
const sizeOf = (shape) => shape.reduce((a, b) => a * b, 1);
const before = await matmulSpeed(engine, 5);
const layers = [];
for (const node of evaluationGraph(config, rows).nodes) {
  if (node.kind === 'operator' && node.op === 'Conv') layers.push(await measureLayer(node));
}
const after = await matmulSpeed(engine, 5);
await engine.close();
const sum = (key) => layers.reduce((total, layer) => total + layer[key], 0);
const speed = sum('flop') / sum('seconds');
say(sum('seconds'), {
  share: speed / ((before + after) / 2),
  gigaflopPerSecond: speed / 1e9,
  matmulGigaflopPerSecond: [before / 1e9, after / 1e9],
  layers: layers.map(({ flop, seconds, ...rest }) => ({ ...rest, seconds, gigaflopPerSecond: flop / seconds / 1e9 })),
});

async function measureLayer(node) {
  const [xShape, wShape] = node.inputs.map(({ shape }) => shape.map(Number));
  const [channels, repeats] = [xShape[1], 3];
  const graph = new Graph();
  const x = graph.input('x', 'float32', xShape);
  const w = graph.input('w', 'float32', wShape);
  const y = conv(x, w, undefined, node.attributes);
  const yShape = y.shape.map(Number);
  const seesThePicture = channels === 3;
  const wrt = seesThePicture ? [w] : [w, x];
  const gradients = backward(y, wrt, { seed: graph.input('seed', 'float32', yShape) });
  const shapes = { y: yShape, dw: wShape, ...(seesThePicture ? {} : { dx: xShape }) };
  graph.output('y', y);
  for (const [place, name] of (seesThePicture ? ['dw'] : ['dw', 'dx']).entries()) graph.output(name, gradients[place]);
  const program = await engine.compile(graph, { name: `layer ${wShape}`, asBuilt: true });
  const filled = (shape) => engine.hold(tensor('float32', shape, new Float32Array(sizeOf(shape)).fill(0.01)));
  const feeds = { x: await filled(xShape), w: await filled(wShape), seed: await filled(yShape) };
  const into = {};
  for (const [name, shape] of Object.entries(shapes)) into[name] = await engine.hold(tensor('float32', shape));
  const times = [];
  for (let repeat = 0; repeat <= repeats; repeat++) {
    const started = performance.now();
    await program.run(feeds, { fetch: [], into });
    if (repeat > 0) times.push((performance.now() - started) / 1000);
  }
  await program.release();
  for (const held of [...Object.values(feeds), ...Object.values(into)]) await held.release();
  const multiplyAdds = sizeOf(yShape) * sizeOf(wShape.slice(1));
  const seconds = times.sort((a, b) => a - b)[Math.floor(repeats / 2)];
  return { input: xShape, filters: wShape, flop: 2 * multiplyAdds * (1 + wrt.length), seconds };
}
