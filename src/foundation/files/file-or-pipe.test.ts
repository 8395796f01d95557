import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makePipe } from '../../../test/support/special-files.ts';
import { readFileOrPipe } from './file-or-pipe.ts';

let folder = '';
let pipe = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'pipe-'));
  pipe = path.join(folder, 'pipe');
  makePipe(pipe);
});
afterEach(() => rm(folder, { recursive: true }));

/** Another process that runs a shell's command in the folder. */
const shell = (command: string) => spawn('sh', ['-c', command], { cwd: folder, stdio: 'ignore' });

describe('readFileOrPipe', () => {
  it('reads an ordinary file', async () => {
    await writeFile(path.join(folder, 'a'), 'abc');
    expect((await readFileOrPipe(path.join(folder, 'a'))).toString()).toBe('abc');
  });

  it('reads a pipe to its end, whoever is there first', async () => {
    const bytes = Buffer.from(Uint8Array.from({ length: 1_000_000 }, (_, k) => (k * 17) % 253));
    await writeFile(path.join(folder, 'a'), bytes);
    const early = shell('cat a > pipe');
    expect((await readFileOrPipe(pipe)).equals(bytes)).toBe(true);
    const late = readFileOrPipe(pipe, { silence: 0.1 });
    shell('sleep 0.3; cat a > pipe');
    expect((await late).equals(bytes)).toBe(true);
    early.kill();
  });

  it('gives up a pipe into which nobody writes, or nothing any more', async () => {
    const silent = 'nothing has come out of the pipe for 0.3 seconds; give an ordinary file';
    await expect(readFileOrPipe(pipe, { loneliness: 0.3 })).rejects.toThrow(silent);
    const idle = shell('{ echo a; exec sleep 60; } > pipe');
    await expect(readFileOrPipe(pipe, { silence: 0.3 })).rejects.toThrow(silent);
    idle.kill();
  });

  it('waits for more as long as silence says, also where the writer came later', async () => {
    const late = readFileOrPipe(pipe, { silence: 0.3, loneliness: 20 });
    const writer = shell('sleep 0.3; { echo a; exec sleep 60; } > pipe');
    await expect(late).rejects.toThrow('nothing has come out of the pipe for 0.3 seconds');
    writer.kill();
  });

  it('gives up a pipe that does not end', async () => {
    const endless = shell('exec cat /dev/zero > pipe');
    await expect(readFileOrPipe(pipe, { mostBytes: 1e6 })).rejects.toThrow(
      'more than 1000000 bytes come out of the pipe',
    );
    endless.kill();
  });

  it('refuses a device', async () => {
    await expect(readFileOrPipe('/dev/zero')).rejects.toThrow('it is a device, not an ordinary file');
  });
});
