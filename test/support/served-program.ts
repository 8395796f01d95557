import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';

const program = path.resolve(import.meta.dirname, '../../dist/cli/main.js');

/** The built program, serving. */
export interface ServedProgram {
  /** Where it is. */
  readonly url: string;
  /** What it has said on standard error so far. */
  said(): string;
  /** Sends the signal that Ctrl-C sends, and waits for the end. @returns the exit code, or the signal that ended it. */
  stop(): Promise<number | string | null>;
}

/** Starts `lookalike serve` in a folder, at any free port, and waits until it listens. @throws if it ends before that. */
export async function serveProgram(folder: string, ...argv: string[]): Promise<ServedProgram> {
  const child = spawn(process.execPath, [program, 'serve', '--port', '0', ...argv], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  const ended = new Promise<number | string | null>((resolve) =>
    child.on('close', (code, signal) => resolve(code ?? signal)),
  );
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const [, found] = /serving at (\S+)/.exec(said) ?? [];
      if (found !== undefined) resolve(found);
    });
    ended.then((code) => reject(new Error(`it has ended with ${code}: ${said}`)));
  });
  return { url, said: () => said, stop: () => stopped(child, ended) };
}

function stopped(child: ChildProcess, ended: Promise<number | string | null>): Promise<number | string | null> {
  child.kill('SIGINT');
  return ended;
}
