import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Finished } from './lookalike.ts';

const program = path.resolve(import.meta.dirname, '../../dist/cli/main.js');

/** When to send which signal: as soon as `file` holds what `holds` matches. */
export interface SignalPlan {
  readonly signal: NodeJS.Signals;
  readonly file: string;
  readonly holds: RegExp;
}

/** Runs the built program in a folder, sends it a signal when it has come so far, and waits for its end. */
export function signalled(folder: string, { signal, file, holds }: SignalPlan, ...argv: string[]): Promise<Finished> {
  return stoppedWhen(folder, signal, async () => holds.test(await readFile(file, 'utf8').catch(() => '')), ...argv);
}

/** The same, with the signal as soon as something is so. */
export async function stoppedWhen(
  folder: string,
  signal: NodeJS.Signals,
  isSo: () => Promise<boolean>,
  ...argv: string[]
): Promise<Finished> {
  const child = spawn(process.execPath, [program, ...argv], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  let ended = false;
  const finished = new Promise<Finished>((resolve) => {
    child.once('close', (code) => {
      ended = true;
      resolve({ code, stdout, stderr });
    });
  });
  while (!ended && !(await isSo())) await setTimeout(5);
  child.kill(signal);
  return finished;
}
