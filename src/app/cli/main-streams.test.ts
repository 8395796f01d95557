import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeWorkplace, type Workplace } from '../../../test/support/lookalike.ts';
import { type StopSignalName, stopSignals } from './thread/stop-signal.ts';

const program = path.resolve('dist/cli/main.js');
let compare: string[];

let work: Workplace;
beforeAll(async () => {
  work = await makeWorkplace();
  const [first, second] = (await readdir(path.join(work.folder, 'pictures'))).map((name) => `pictures/${name}/1.png`);
  compare = ['compare', first, second, '-m', 'model.onnx'];
});
const preloads: string[] = [];
afterAll(async () => {
  for (const folder of preloads) await rm(folder, { recursive: true });
  await work.remove();
});

/** The program under bash, which may redirect it: `"$@" >/dev/full`. */
function underBash(script: string, argv: readonly string[]): ChildProcess {
  const node = [process.execPath, program, ...argv];
  return spawn('bash', ['-c', script, 'bash', ...node], { cwd: work.folder, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function finished(child: ChildProcess) {
  const text = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (some: string) => {
      text[stream] += some;
    });
  }
  const [code, signal] = await once(child, 'close');
  return { code, signal, ...text };
}

/** Node's options to have `code` run in a command's thread before anything else. */
async function preloaded(code: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'preload-'));
  preloads.push(folder);
  await writeFile(path.join(folder, 'preload.cjs'), `if (!require('worker_threads').isMainThread) { ${code} }`);
  return `--require=${path.join(folder, 'preload.cjs')}`;
}

/** Starts a command in whose thread `code` runs before anything else. */
async function withPreload(code: string, argv: readonly string[]): Promise<ChildProcess> {
  return spawn(process.execPath, [program, ...argv], {
    cwd: work.folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: await preloaded(code) },
  });
}

/** Standard output of a command that has been waited for until its thread began, by `ready` in front of it. */
const sayReady = "require('fs').writeSync(1, 'ready');";
const behindReady = (stdout: string) => stdout.slice('ready'.length);
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe.skipIf(!existsSync('/dev/full'))('on a full disk', () => {
  it('standard output costs a line and the exit code, no stack trace', async () => {
    const { code, stderr } = await finished(underBash('"$@" >/dev/full', [...compare, '--quiet']));
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        'lookalike: warning: standard output cannot be written (ENOSPC: no space left on device): what is said there is lost, the work goes on\n',
    });
  });

  it('standard error changes nothing', async () => {
    const { code, stdout } = await finished(underBash('"$@" 2>/dev/full', [...compare, '--json']));
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ by: 'euclidean' });
    expect(await finished(underBash('"$@" 2>/dev/full', ['compare', 'none.png', 'none.png']))).toMatchObject({
      code: 1,
    });
    expect(await finished(underBash('"$@" >/dev/full 2>&1', compare))).toMatchObject({ code: 1 });
  });

  it('a file that only a part fits into is not taken for written', async () => {
    const argv = ['inspect', 'pictures', '--json'];
    const { code, stderr } = await finished(
      underBash('ulimit -f 1; head -c 1000 /dev/zero >inspected.json; "$@" >>inspected.json', argv),
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/^lookalike: warning: standard output cannot be written \(EFBIG: file too large\)[^\n]*\n$/);
    expect((await readFile(path.join(work.folder, 'inspected.json'))).length).toBe(1024);
  });

  it('work goes on, whose place is another', async () => {
    const argv = ['index', 'pictures', '-m', 'model.onnx', '-s', 'full.lance'];
    expect(await finished(underBash('"$@" >/dev/full', argv))).toMatchObject({ code: 1 });
    const again = await work.spawned(...argv, '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ added: 0, unchanged: 12 });
  });
});

describe('a signal', () => {
  /** A thread that says that it is stuck, and is: in the system, or in a loop. */
  const stuckIn = {
    'a file that never answers': () => `fs.readFileSync(${JSON.stringify(path.join(work.folder, 'pipe'))})`,
    'a loop': () => 'for (;;);',
  };

  beforeAll(() => {
    execFileSync('mkfifo', [path.join(work.folder, 'pipe')]);
  });

  for (const [place, code] of Object.entries(stuckIn)) {
    // Each waits for a second.
    it.concurrent.each(Object.keys(stopSignals) as StopSignalName[])(
      `%s ends a command that is stuck in ${place} with a line and its number`,
      async (signal) => {
        const stuck = await withPreload(`const fs = require('fs'); fs.writeSync(1, 'stuck'); ${code()}`, compare);
        const [end] = await Promise.all([finished(stuck), once(stuck.stdout!, 'data').then(() => stuck.kill(signal))]);
        expect(end.stderr).toBe(`lookalike: stopped by ${signal}\n`);
        // What a shell makes of either is the same.
        expect(end.signal ?? end.code).toBe(place === 'a loop' ? 128 + stopSignals[signal] : signal);
      },
    );

    it(`that comes again ends a command that is stuck in ${place} at once`, async () => {
      const stuck = await withPreload(`const fs = require('fs'); fs.writeSync(1, 'stuck'); ${code()}`, compare);
      const ending = finished(stuck);
      await once(stuck.stdout!, 'data');
      stuck.kill('SIGINT');
      await pause(300);
      stuck.kill('SIGTERM');
      const started = performance.now();
      expect(await ending).toMatchObject({ code: null, signal: 'SIGTERM' });
      // Well before the first one would have ended it.
      expect(performance.now() - started).toBeLessThan(600);
    });
  }

  it.each(['SIGHUP', 'SIGINT', 'SIGTERM'] as const)('%s ends inspect in order', async (signal) => {
    const child = await withPreload(sayReady, ['inspect', 'pictures', '--json']);
    const [end] = await Promise.all([finished(child), once(child.stdout!, 'data').then(() => child.kill(signal))]);
    expect(end.stderr).toBe(`lookalike: stopped by ${signal}\n`);
    expect(end.code).toBe(128 + stopSignals[signal]);
    expect(JSON.parse(behindReady(end.stdout))).toEqual({ error: `stopped by ${signal}` });
  });
});

describe('standard input', () => {
  it('reaches a command, through a pipe and from a file', async () => {
    const [, first, second] = compare;
    for (const script of [`cat "${first}" | "$@"`, `"$@" <"${first}"`]) {
      const child = underBash(script, ['compare', '-', second, '-m', 'model.onnx', '--json']);
      const { code, stdout, stderr } = await finished(child);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(JSON.parse(stdout).first).toBe('-');
    }
  });
});

describe('surroundings', () => {
  it('is told of a folder on standard input, and that the folder it began in is gone', async () => {
    const [, first, second] = compare;
    const folder = await finished(underBash('"$@" <.', ['compare', '-', second, '-m', 'model.onnx']));
    expect(folder).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('cannot read standard input: it is a folder'),
    });
    const gone = await finished(
      underBash('mkdir gone && cd gone && rmdir ../gone && "$@"', ['compare', first, second]),
    );
    expect(gone).toMatchObject({
      code: 1,
      stderr:
        'lookalike: the folder that this was started in is not there any more: change to another one, and start again\n',
    });
  });

  it('leaves nothing of onnxruntime in the home folder, and says where there is none for temporary files', async () => {
    const home = await mkdtemp(path.join(tmpdir(), 'home-'));
    preloads.push(home);
    const { code } = await finished(underBash(`unset XDG_CACHE_HOME; HOME='${home}' "$@"`, compare));
    expect([code, await readdir(home)]).toEqual([0, []]);
    const { stderr } = await finished(
      underBash(`TMPDIR='${home}/none' "$@"`, ['index', 'pictures', '-m', 'model.onnx', '-s', 'untold.lance']),
    );
    expect(stderr).toContain(
      `cannot open the store 'untold.lance': LanceDB needs a folder for temporary files, and nothing can be written to '${home}/none'`,
    );
  });
});

describe('a command that comes to nothing', () => {
  it('never ends in silence, and never with exit code 13', async () => {
    const preload = `
      require('fs').promises.readFile = () => new Promise(() => {});
      require('module').syncBuiltinESMExports();`;
    const { code, stdout, stderr } = await finished(await withPreload(preload, [...compare, '--json']));
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'lookalike: the command has ended before its work was done: this is a fault of lookalike\n',
    });
    expect(JSON.parse(stdout)).toMatchObject({ error: expect.stringContaining('before its work was done') });
  });

  it('says what nobody caught', async () => {
    const preload = "setTimeout(() => { throw new Error('odd\\u001b[2J') }, 50);";
    const { code, stderr } = await finished(await withPreload(preload, compare));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^lookalike: odd\\x1b\[2J\n/);
  });

  it('shows what libraries print without what a terminal obeys, and not in the document', async () => {
    const preload = "console.error('from\\u001b[31m afar'); console.log('\\u0007');";
    const { code, stdout, stderr } = await finished(await withPreload(preload, [...compare, '--json']));
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ by: 'euclidean' });
    expect(stderr.split('\n').sort()).toEqual(['', '\\x07', 'from\\x1b[31m afar']);
  });
});
