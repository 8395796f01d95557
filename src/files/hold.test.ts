import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeHold } from './hold.ts';
import { processBegin } from './process-running.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hold-'));
  file = path.join(folder, 'held.json');
});
afterEach(() => rm(folder, { recursive: true }));

const held = (process: unknown, more: object = {}) =>
  writeFile(file, JSON.stringify({ process, machine: hostname(), since: '2026-11-23T18:00:00.000Z', ...more }));

describe('takeHold', () => {
  it('lets one in at a time, and leaves nothing behind', async () => {
    const hold = await takeHold(file, "'run' is being trained");
    await expect(takeHold(file, "'run' is being trained")).rejects.toThrow(
      new RegExp(
        `^'run' is being trained by process ${process.pid} since 20.*: wait for its end or stop it; if it is something else, remove '.*held.json'$`,
      ),
    );
    await hold.release();
    const next = await takeHold(file, 'x');
    await hold.release();
    expect(await readdir(folder)).toEqual(['held.json']);
    await next.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses what a living process has, and what one of another machine has', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    try {
      await once(other, 'spawn');
      await held(other.pid, { began: processBegin(other.pid ?? 0) });
      await expect(takeHold(file, 'it is used')).rejects.toThrow(`it is used by process ${other.pid} since 2026`);
      if (process.platform === 'linux') {
        // The number is used again by a process that began later.
        await held(other.pid, { began: '1' });
        await (await takeHold(file, 'x')).release();
      }
    } finally {
      other.kill('SIGKILL');
    }
    await held(1, { machine: 'elsewhere' });
    await expect(takeHold(file, 'it is used')).rejects.toThrow(
      "by process 1 of the machine or container 'elsewhere' since 2026",
    );
  });

  it('takes what a process left that is gone, and what is no hold', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    await held(pid);
    await (await takeHold(file, 'x')).release();
    for (const text of ['', 'null', '{"process":"x"}', '{']) {
      await writeFile(file, text);
      const long = new Date(Date.now() - 5000);
      await utimes(file, long, long);
      const hold = await takeHold(file, 'x');
      expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ process: process.pid, machine: hostname() });
      await hold.release();
    }
    expect(await readdir(folder)).toEqual([]);
  });

  it('lets one of many in where all find it abandoned', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    await held(pid);
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => takeHold(file, 'x')));
    const fulfilled = all.filter(({ status }) => status === 'fulfilled');
    expect(fulfilled).toHaveLength(1);
    const reasons = all.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []));
    for (const reason of reasons) expect(reason).toContain(`remove '${file}'`);
    expect(await readdir(folder)).toEqual(['held.json']);
  });

  it('gives a file that is not whole yet a moment', async () => {
    await writeFile(file, '');
    const taking = takeHold(file, 'it is used');
    await held(process.pid);
    await expect(taking).rejects.toThrow(`it is used by process ${process.pid}`);
  });

  it('does not wait for ever for what cannot be read', async () => {
    await symlink('nowhere', file);
    await expect(takeHold(file, 'x')).rejects.toThrow(`'${file}' is there and cannot be read: remove it`);
  });

  it('names the file where it cannot be made', async () => {
    await expect(takeHold(path.join(folder, 'missing', 'held.json'), 'x')).rejects.toThrow(
      /cannot make '.*held.json': there is no such file or folder \(ENOENT\)/,
    );
  });
});
