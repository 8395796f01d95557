import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { throwIfAborted } from '../../foundation/errors/abort-error.ts';
import { EngineError } from '../../foundation/errors/engine-error.ts';
import type { PresetName } from '../../training/configuration/presets.ts';
import type { StepSpeed } from './step-speed.ts';

/**
 * `stepSpeed` in a process of its own, so that its peak memory is the step's and nothing else's. Needs the built files.
 *
 * @throws if the process fails, in one line; the system may end it where memory is short.
 */
export async function measureInFreshProcess(
  preset: PresetName,
  threads: number,
  repeats: number,
  signal: AbortSignal,
): Promise<StepSpeed> {
  const entry = fileURLToPath(new URL('./step-speed-process.js', import.meta.url));
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [entry, preset, `${threads}`, `${repeats}`], { signal }).catch(
    (error: Error & { readonly signal?: string | null; readonly stderr?: string }) => {
      throwIfAborted(signal);
      const reason =
        error.signal === 'SIGKILL'
          ? 'the system ended it, as it does where memory is short; give it more, or measure another preset'
          : (error.stderr
              ?.trim()
              .split('\n')
              .find((line) => line.includes('Error')) ?? error.message);
      throw new EngineError(`measuring the preset ${preset} failed: ${reason}`, { cause: error });
    },
  );
  return JSON.parse(stdout) as StepSpeed;
}
