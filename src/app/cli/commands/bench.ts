import { cpus } from 'node:os';
import { z } from 'zod';
import { percent } from '../../../foundation/text/percent.ts';
import { textTable } from '../../../foundation/text/text-table.ts';
import type { StepSpeed } from '../../machine-speed/step-speed.ts';
import { defineCommand } from '../command.ts';
import { oneOf, wholeNumber } from '../options/option-values.ts';

/** `lookalike bench` */
export const benchCommand = defineCommand({
  name: 'bench',
  group: 'Look around',
  summary: "this machine's figures: training steps and the engine's own speed",
  details:
    'Times training steps of the presets on random pictures, each preset in a process of its own: median seconds a step, ' +
    'images a second, peak memory, and the share of the speed that onnxruntime has at a 2048 x 2048 x 2048 float32 matrix ' +
    'product, forward and backward counted as 6 FLOP a multiply-add. The article preset takes a minute or two and some GB.',
  arguments: [],
  options: [
    { flags: '--preset <name>', description: 'small, article or all', default: 'all' },
    { flags: '--threads <n>', description: 'threads of the engine', default: '2' },
    { flags: '--repeats <n>', description: 'steps that are timed', default: '5' },
  ],
  examples: ['lookalike bench', 'lookalike bench --preset small --json'],
  input: z.object({
    preset: oneOf(['small', 'article', 'all']),
    threads: wholeNumber({ min: 1, max: 256 }),
    repeats: wholeNumber({ min: 1, max: 1000 }),
  }),
  async run({ preset, threads, repeats }, terminal) {
    const { measureInFreshProcess } = await import('../../machine-speed/measure-in-fresh-process.ts');
    const machine = `${cpus()[0]?.model.trim() ?? 'unknown'}, ${cpus().length} cores, Node ${process.versions.node}`;
    terminal.say(`machine: ${machine}; ${threads} threads`);
    const measured: StepSpeed[] = [];
    for (const name of preset === 'all' ? (['small', 'article'] as const) : [preset]) {
      measured.push(await measureInFreshProcess(name, threads, repeats, terminal.signal));
    }
    const rows = measured.map((speed) => [
      speed.preset,
      `${speed.rows} of ${speed.size} x ${speed.size}`,
      `${speed.secondsPerStep.toFixed(3)} s`,
      speed.imagesPerSecond.toFixed(1),
      `${(speed.peakBytes / 1e9).toFixed(2)} GB`,
      `${(speed.flopPerSecond / 1e9).toFixed(0)} GFLOP/s`,
      `${(speed.matmulFlopPerSecond / 1e9).toFixed(0)} GFLOP/s`,
      percent(speed.shareOfMatmul),
    ]);
    const heading = ['preset', 'batch', 'step', 'images/s', 'peak memory', 'speed', 'matrix product', 'share'];
    for (const line of textTable([heading, ...rows])) terminal.say(line);
    return { machine, threads, steps: measured.map((speed) => ({ ...speed })) };
  },
});
