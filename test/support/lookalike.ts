import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { commandsFor } from '../../src/app/cli/command-list.ts';
import { runCommandLine } from '../../src/app/cli/run-command-line.ts';
import { makePictures } from '../fixtures/make-pictures.ts';
import { writeTinyModel } from '../fixtures/tiny-model.ts';

const program = path.resolve(import.meta.dirname, '../../dist/cli/main.js');

/** What a finished command left behind. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder to run the built command line in. */
export interface Workplace {
  readonly folder: string;
  /** Runs the command line in this process, in the folder: quick. */
  lookalike(...argv: string[]): Promise<Finished>;
  /** Runs the built program in the folder, as somebody at a shell would. */
  spawned(...argv: string[]): Promise<Finished>;
  /** The same with a file's bytes on standard input. */
  piped(file: string, ...argv: string[]): Promise<Finished>;
  /** The same where no file may grow beyond so many KiB: what a full disk does. */
  spawnedOnFullDisk(kibibytes: number, ...argv: string[]): Promise<Finished>;
  /** The same under a limit of the shell: `ulimit -n 64`. */
  limited(limit: string, ...argv: string[]): Promise<Finished>;
  remove(): Promise<void>;
}

/**
 * Makes a new folder, its name with a space and a quote in it, with `pictures` (4 classes of 3 pictures), `model.onnx` and
 * `other.onnx`, which have learnt nothing.
 */
export async function makeWorkplace(): Promise<Workplace> {
  const folder = await mkdtemp(path.join(tmpdir(), "lookalike it's "));
  await makePictures(path.join(folder, 'pictures'), { classes: 4, picturesPerClass: 3, size: 24 });
  await writeTinyModel(path.join(folder, 'model.onnx'), 1);
  await writeTinyModel(path.join(folder, 'other.onnx'), 2);
  return {
    folder,
    lookalike: (...argv) => runHere(folder, argv),
    spawned: (...argv) => finish(folder, process.execPath, [program, ...argv]),
    piped: (file, ...argv) =>
      finish(folder, 'bash', [
        '-c',
        'file=$1; shift; cat "$file" | "$@"',
        'bash',
        file,
        process.execPath,
        program,
        ...argv,
      ]),
    spawnedOnFullDisk: (kibibytes, ...argv) => limited(folder, `ulimit -f ${kibibytes}`, argv),
    limited: (limit, ...argv) => limited(folder, limit, argv),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The command that runs in this process: there is one working folder, so that there is one command at a time. */
let runningHere: string | undefined;

async function runHere(folder: string, argv: readonly string[]): Promise<Finished> {
  const command = argv.join(' ');
  if (runningHere !== undefined)
    throw new Error(`'${command}' would move '${runningHere}' to another folder: one at a time`);
  runningHere = command;
  let [stdout, stderr] = ['', ''];
  const before = process.cwd();
  process.chdir(folder);
  try {
    const streams = {
      stdout: { write: (text: string) => (stdout += text) },
      stderr: { write: (text: string) => (stderr += text) },
      signal: new AbortController().signal,
    };
    const code = await runCommandLine(argv, streams, await commandsFor(argv), '0.0.0');
    return { code, stdout, stderr };
  } finally {
    process.chdir(before);
    runningHere = undefined;
  }
}

function limited(folder: string, limit: string, argv: readonly string[]): Promise<Finished> {
  return finish(folder, 'bash', ['-c', `${limit}; exec "$@"`, 'bash', process.execPath, program, ...argv]);
}

async function finish(cwd: string, command: string, argv: readonly string[]): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, argv, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** What a command says on standard error but for the lines that name its model and store. */
export function complaintsOf({ stderr }: Finished): string {
  return stderr.replace(/^(?:model|store): .*\n/gm, '');
}

/** The one error line of a command that failed, without the program's name. @throws if it is not one line. */
export function errorOf({ stderr }: Finished): string {
  const [, line] = /^(?:model: .*\n)*lookalike: ([^\n]+)\n$/.exec(stderr) ?? [];
  if (line === undefined) throw new Error(`not one error line: ${JSON.stringify(stderr)}`);
  return line;
}
