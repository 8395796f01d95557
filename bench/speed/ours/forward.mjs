// Median seconds of a forward pass, uint8 pictures to embeddings: forward.mjs <preset> <threads> <passes> [onednn]
import { median } from '../../../dist/app/machine-speed/median.js';
import { multiplyAdds } from '../../../dist/app/machine-speed/multiply-adds.js';
import { benchConfig } from '../../../dist/app/machine-speed/step-speed.js';
import { programOnEngine } from '../../../dist/engines/choosing/program-on-engine.js';
import { tensor } from '../../../dist/graph/tensor/tensor.js';
import { rowsOf } from '../../../dist/training/configuration/training-config.js';
import { evaluationGraph, modelGraph } from '../../../dist/training/step/network-graphs.js';
import { parameterCount } from './parameter-count.mjs';
import { randomWeights } from './random-weights.mjs';
import { say } from './say.mjs';

const [preset, threads, passes, chosen = 'onnxruntime'] = process.argv.slice(2);
const config = benchConfig(preset, Number(threads));
const rows = rowsOf(config.batch);
const { width: size } = config.network;
const graph = modelGraph(config, randomWeights(config.network));
const wish = { engine: chosen, precision: 'float32', threads: Number(threads), ownThread: false, name: preset };
const { engine, program } = await programOnEngine({ graph, lengths: new Map([['N', rows]]) }, wish);
const pixels = Uint8Array.from({ length: rows * size * size * 3 }, (_, place) => (place * 2654435761) >>> 24);
const seconds = [];
for (let pass = 0; pass <= Number(passes); pass++) {
  // Made anew each time: what an engine is fed belongs to it.
  const image = tensor('uint8', [rows, size, size, 3], pixels.slice());
  const started = performance.now();
  await program.run({ image });
  if (pass > 0) seconds.push((performance.now() - started) / 1000);
}
await engine.close();
say(median(seconds), {
  parameters: parameterCount(config.network),
  multiplyAdds: multiplyAdds(evaluationGraph(config, 1)),
  rows,
  size,
});
