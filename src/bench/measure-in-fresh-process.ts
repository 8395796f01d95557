import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { PresetName } from '../training/presets.ts';
import type { StepSpeed } from './step-speed.ts';

/** `stepSpeed` in a process of its own, so that its peak memory is the step's and nothing else's. */
export async function measureInFreshProcess(
  preset: PresetName,
  threads: number,
  repeats: number,
  signal: AbortSignal,
): Promise<StepSpeed> {
  const entry = fileURLToPath(new URL('./step-speed-process.js', import.meta.url));
  const run = promisify(execFile)(process.execPath, [entry, preset, `${threads}`, `${repeats}`], { signal });
  const { stdout } = await run;
  return JSON.parse(stdout) as StepSpeed;
}
