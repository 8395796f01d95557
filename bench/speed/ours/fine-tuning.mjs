// Median seconds of a step that fine-tunes a network of an ONNX file: fine-tuning.mjs <file> <cut> <size> <threads> <steps> [precision]
// By onnxruntime; with a precision by oneDNN, whose library LOOKALIKE_ONEDNN names.
import { median } from '../../../dist/app/machine-speed/median.js';
import { multiplyAdds } from '../../../dist/app/machine-speed/multiply-adds.js';
import { peakMemory } from '../../../dist/app/machine-speed/peak-memory.js';
import { OneDnnEngine } from '../../../dist/engines/onednn/onednn-engine.js';
import { BlockedEngine } from '../../../dist/engines/onnxruntime/blocked-engine.js';
import { OnnxruntimeEngine } from '../../../dist/engines/onnxruntime/onnxruntime-engine.js';
import { RandomSource } from '../../../dist/foundation/random/random-source.js';
import { tensor } from '../../../dist/graph/tensor/tensor.js';
import { colourFeeds, sampleAugmentation } from '../../../dist/pictures/augmentation/augmentation.js';
import { warpImages } from '../../../dist/pictures/augmentation/warp-images.js';
import { chooseTrunk } from '../../../dist/training/planning/open-trunk.js';
import { evaluationGraph } from '../../../dist/training/step/network-graphs.js';
import { Trainer } from '../../../dist/training/step/trainer.js';
import { lite0Batch, lite0Config } from '../lite0.mjs';
import { say } from './say.mjs';

const [file, cut, side, threadCount, steps, precision] = process.argv.slice(2);
const [size, threads] = [Number(side), Number(threadCount)];
const { rows, imagesPerClass } = lite0Batch;
const { trunk } = await chooseTrunk({ file, cut, freeze: 'none', normalization: 'half' }, { size, augmented: true });
const config = lite0Config(size, threads, trunk);
const engine =
  precision === undefined
    ? await BlockedEngine.over(await OnnxruntimeEngine.create({ threads }))
    : await OneDnnEngine.create({ threads, precision });
const trainer = await Trainer.create(engine, config, undefined, trunk);
const random = RandomSource.fromSeed(0, 'bench');
const labels = Array.from({ length: rows }, (_, row) => Math.floor(row / imagesPerClass));
const seconds = [];
for (let step = 1; step <= Number(steps) + 1; step++) {
  const data = Uint8Array.from({ length: rows * size * size * 3 }, () => random.integer(256));
  const sample = sampleAugmentation(config.augmentation, rows, size, size, random);
  const started = performance.now();
  const images = warpImages({ count: rows, width: size, height: size, data }, sample, config.augmentation);
  const image = tensor('uint8', [rows, size, size, 3], images);
  await trainer.step({ image, labels, augmentation: colourFeeds(sample, config.augmentation) }, step, 1e-4);
  if (step > 1) seconds.push((performance.now() - started) / 1000);
}
const peakBytes = peakMemory();
const parameters = trainer.parameterCount;
await trainer.close();
await engine.close();
const step = median(seconds);
say(step, {
  peakBytes,
  parameters,
  multiplyAdds: multiplyAdds(evaluationGraph(config, 1, trunk)),
  rows,
  size,
  imagesPerSecond: rows / step,
});
