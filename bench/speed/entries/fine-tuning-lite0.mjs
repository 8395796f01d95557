import { ours, peer } from '../entry.mjs';
import { lite0Cut, randomLite0 } from '../random-lite0.mjs';

const [size, steps] = [128, 5];
const float32 = 'PyTorch float32';
const bfloat16 = 'PyTorch bfloat16';

/**
 * EfficientNet-Lite0 of an ONNX file, all of its weights learnt, by oneDNN, whose library LOOKALIKE_ONEDNN names, and by PyTorch in
 * its better precision.
 *
 * @param {'float32' | 'bfloat16'} precision bfloat16 needs a processor that has it, and runs when it is asked for by name.
 * @returns {import('../entry.mjs').Entry}
 */
function fineTuningLite0(precision) {
  return {
    name: `fine-tuning-lite0-onednn-${precision}`,
    about: `a step that fine-tunes EfficientNet-Lite0 of an ONNX file, ${size} x ${size}, by oneDNN in ${precision}`,
    ...(precision === 'bfloat16' && { takes: 'a few minutes, on a processor with bfloat16' }),
    same: ['parameters', 'multiplyAdds', 'rows', 'size'],
    async plan({ work, threads }) {
      const file = await randomLite0(work, size);
      const torch = (name, of) => {
        const common = ['--network', 'lite0', '--threads', threads, '--steps', steps];
        return peer(name, ['torch'], 'training_step.py', [...common, '--precision', of]);
      };
      return {
        sides: [
          ours('fine-tuning.mjs', [file, lite0Cut, size, threads, steps, precision]),
          torch(float32, 'float32'),
          torch(bfloat16, 'bfloat16'),
        ],
      };
    },
    figures: [
      {
        work: `fine-tuning EfficientNet-Lite0 at ${size} x ${size}, a step of 60 rows, oneDNN, ${precision}`,
        kind: 'ratio',
        quantity: 'seconds',
        peer: 'PyTorch, its better precision',
        against: [float32, bfloat16],
        atLeast: 1.2,
      },
      {
        work: 'its peak memory, ours over the peer’s',
        kind: 'ratio',
        quantity: 'peakBytes',
        peer: 'PyTorch, its better precision',
        against: [float32, bfloat16],
      },
    ],
  };
}

export const fineTuningLite0OneDnn = fineTuningLite0('float32');
export const fineTuningLite0Bfloat16 = fineTuningLite0('bfloat16');
