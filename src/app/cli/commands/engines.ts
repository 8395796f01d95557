import { z } from 'zod';
import { textTable } from '../../../foundation/text/text-table.ts';
import { defineCommand } from '../command.ts';
import { wholeNumber } from '../options/option-values.ts';

/** What is to be said of a device where an engine says nothing of itself. */
const notes = {
  cpu: 'always here',
  webgpu: "train --provider webgpu tries this machine's graphics",
  cuda: "onnxruntime-node's own install script fetches its files: npm rebuild onnxruntime-node --ignore-scripts=false",
} as const;

/** `lookalike engines` */
export const enginesCommand = defineCommand({
  name: 'engines',
  group: 'Look around',
  summary: 'what this machine can compute with, and how fast each precision is',
  details:
    'Lists the engines that are here, onnxruntime and oneDNN on the processor, WebGPU and CUDA, with their versions, the ' +
    "processor's instruction set, and how to get those that are not. What is here is measured at a convolution, for about 3 " +
    'seconds in all. docs/engines.md says where oneDNN comes from.',
  arguments: [],
  options: [{ flags: '--threads <n>', description: 'threads of each engine', default: '2' }],
  examples: ['lookalike engines', 'lookalike engines --json'],
  input: z.object({ threads: wholeNumber({ min: 1, max: 256 }) }),
  async run({ threads }, terminal) {
    const { enginesHere } = await import('../../machine-speed/engines-here.ts');
    const engines = await enginesHere(threads);
    const gigaflops = (speed: number | undefined) => (speed === undefined ? '' : `${(speed / 1e9).toFixed(0)} GFLOP/s`);
    const rows = engines.map(({ engine, device, version, here, flopPerSecond }) => [
      engine,
      device,
      version ?? '',
      here ? 'yes' : 'no',
      gigaflops(flopPerSecond.float32),
      gigaflops(flopPerSecond.bfloat16),
    ]);
    const columns = ['left', 'left', 'left', 'left', 'right', 'right'] as const;
    for (const line of textTable([['engine', 'on', 'version', 'here', 'float32', 'bfloat16'], ...rows], columns)) {
      terminal.say(line);
    }
    terminal.say();
    for (const { engine, device, note = notes[device] } of engines) terminal.say(`${engine} on ${device}: ${note}`);
    return {
      threads,
      engines: engines.map(({ version = null, note, ...engine }) => ({
        ...engine,
        version,
        note: note ?? notes[engine.device],
      })),
    };
  },
});
