// Median seconds of a training step of a preset on random pictures: training-step.mjs <preset> <threads> <steps> [precision]
// By onnxruntime; with a precision by oneDNN, whose library LOOKALIKE_ONEDNN names.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { benchConfig } from '../../../dist/app/machine-speed/step-speed.js';
import { parameterCount } from './parameter-count.mjs';
import { say } from './say.mjs';

const [preset, threads, steps, ...precision] = process.argv.slice(2);
// The process that `lookalike bench` starts: its memory is the step's and nothing else's.
const entry = fileURLToPath(new URL('../../../dist/app/machine-speed/step-speed-process.js', import.meta.url));
const speed = JSON.parse(
  execFileSync(process.execPath, [entry, preset, threads, steps, ...precision], { encoding: 'utf8' }),
);
say(speed.secondsPerStep, {
  peakBytes: speed.peakBytes,
  parameters: parameterCount(benchConfig(preset, Number(threads)).network),
  multiplyAdds: speed.multiplyAddsPerImage,
  rows: speed.rows,
  size: speed.size,
  gigaflopPerSecond: speed.flopPerSecond / 1e9,
  matmulGigaflopPerSecond: speed.matmulFlopPerSecond / 1e9,
});
