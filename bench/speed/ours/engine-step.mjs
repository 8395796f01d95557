// The gradients of one training step by onnxruntime and by oneDNN in turn, on two threads: processor time and wall-clock time.
// node bench/speed/ours/engine-step.mjs [small|article] [rounds]; LOOKALIKE_ONEDNN names the library.
import { benchConfig } from '../../../dist/app/machine-speed/step-speed.js';
import { OneDnnEngine } from '../../../dist/engines/onednn/onednn-engine.js';
import { BlockedEngine } from '../../../dist/engines/onnxruntime/blocked-engine.js';
import { OnnxruntimeEngine } from '../../../dist/engines/onnxruntime/onnxruntime-engine.js';
import { RandomSource } from '../../../dist/foundation/random/random-source.js';
import { tensor } from '../../../dist/graph/tensor/tensor.js';
import { rankingLoss } from '../../../dist/training/configuration/make-loss.js';
import { rowsOf } from '../../../dist/training/configuration/training-config.js';
import { stepGraph } from '../../../dist/training/step/network-graphs.js';

const [preset = 'small', rounds = '5'] = process.argv.slice(2);
const config = benchConfig(preset, 2);
const rows = rowsOf(config.batch);
const loss = rankingLoss(config);
const { graph, scope } = stepGraph(config, loss, rows);
const random = RandomSource.fromSeed(1);
const lossFeeds = loss.feeds(
  Array.from({ length: rows }, (_, row) => row >> 2),
  random,
);
const first = ({ name, type, shape }) => {
  const parameter = scope.parameters.get(name)?.spec;
  if (parameter !== undefined) return parameter.initializer(shape, RandomSource.fromSeed(0, name));
  return tensor(type, shape).data.map((_, place) =>
    type === 'uint8' ? random.integer(256) : Number(shape.length < 3 || place % 4 === 0),
  );
};
const engines = [
  await BlockedEngine.over(await OnnxruntimeEngine.create()),
  await OneDnnEngine.create(),
  await OneDnnEngine.create({ precision: 'bfloat16' }),
];
const sides = [];
for (const engine of engines) {
  const program = await engine.compile(graph, { name: 'step', asBuilt: true });
  const feeds = {};
  for (const input of graph.inputs) {
    const { name, type, shape } = input;
    feeds[name] = await engine.hold(lossFeeds[name] ?? tensor(type, shape, first(input)));
  }
  sides.push({ description: engine.description, program, feeds, wall: [], cpu: [] });
}
for (let round = 0; round <= Number(rounds); round++) {
  for (const { program, feeds, wall, cpu } of sides) {
    const [before, started] = [process.cpuUsage(), performance.now()];
    await program.run(feeds, { fetch: ['loss'] });
    const { user, system } = process.cpuUsage(before);
    if (round > 0) {
      wall.push(performance.now() - started);
      cpu.push((user + system) / 1000);
    }
  }
}
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
for (const { description, wall, cpu } of sides) {
  console.log(`${description}: ${median(cpu).toFixed(0)} ms of processors, ${median(wall).toFixed(0)} ms`);
}
for (const engine of engines) await engine.close();
