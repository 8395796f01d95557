import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { refuseLocked, takeLock } from './lock.ts';
import { processBegin } from './process-running.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lock-'));
  file = path.join(folder, 'lock.json');
});
afterEach(() => rm(folder, { recursive: true }));

const heldBy = (process: unknown, more: object = {}) =>
  writeFile(file, JSON.stringify({ process, machine: hostname(), since: '2026-11-23T18:00:00.000Z', ...more }));

describe('takeLock', () => {
  it('lets one in at a time, and leaves nothing behind', async () => {
    const lock = await takeLock(file, "'run' is being trained");
    await expect(takeLock(file, "'run' is being trained")).rejects.toThrow(
      new RegExp(
        `^'run' is being trained by process ${process.pid} since 20.*: wait for its end or stop it; if it is something else, remove '.*lock.json'$`,
      ),
    );
    await lock.release();
    const next = await takeLock(file, 'x');
    await lock.release();
    expect(await readdir(folder)).toEqual(['lock.json']);
    await next.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses what a living process has, and what one of another machine has', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    try {
      await once(other, 'spawn');
      await heldBy(other.pid, { began: processBegin(other.pid ?? 0) });
      await expect(takeLock(file, 'it is used')).rejects.toThrow(`it is used by process ${other.pid} since 2026`);
      if (process.platform === 'linux') {
        // The number is used again by a process that began later.
        await heldBy(other.pid, { began: '1' });
        await (await takeLock(file, 'x')).release();
      }
    } finally {
      other.kill('SIGKILL');
    }
    await heldBy(1, { machine: 'elsewhere' });
    await expect(takeLock(file, 'it is used')).rejects.toThrow(
      "by process 1 of the machine or container 'elsewhere' since 2026",
    );
  });

  it('takes what a process left that is gone, and what is not of a lock', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    await heldBy(pid);
    await (await takeLock(file, 'x')).release();
    for (const text of ['', 'null', '{"process":"x"}', '{']) {
      await writeFile(file, text);
      const long = new Date(Date.now() - 5000);
      await utimes(file, long, long);
      const lock = await takeLock(file, 'x');
      expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ process: process.pid, machine: hostname() });
      await lock.release();
    }
    expect(await readdir(folder)).toEqual([]);
  });

  it('lets one of many in where all find it abandoned', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    await heldBy(pid);
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => takeLock(file, 'x')));
    const fulfilled = all.filter(({ status }) => status === 'fulfilled');
    expect(fulfilled).toHaveLength(1);
    const reasons = all.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []));
    for (const reason of reasons) expect(reason).toContain(`remove '${file}'`);
    expect(await readdir(folder)).toEqual(['lock.json']);
  });

  it('gives a file that is not whole yet a moment', async () => {
    await writeFile(file, '');
    const taking = takeLock(file, 'it is used');
    await heldBy(process.pid);
    await expect(taking).rejects.toThrow(`it is used by process ${process.pid}`);
  });

  it('waits for its turn if told to, names who is waited for once, and lets one in at a time', async () => {
    const first = await takeLock(file, 'x');
    const told: number[] = [];
    let [inside, most, done] = [0, 0, 0];
    const tasks = Array.from({ length: 4 }, async () => {
      const lock = await takeLock(file, 'x', { wait: { onWait: (holder) => told.push(holder.process) } });
      most = Math.max(most, ++inside);
      await setTimeout(20);
      inside--;
      done++;
      await lock.release();
    });
    await setTimeout(100);
    expect({ told, done }).toEqual({ told: Array(4).fill(process.pid), done: 0 });
    await first.release();
    await Promise.all(tasks);
    expect({ most, done }).toEqual({ most: 1, done: 4 });
    expect(await readdir(folder)).toEqual([]);
  });

  it('stops waiting when it is told to', async () => {
    const lock = await takeLock(file, 'x');
    const stop = new AbortController();
    const waiting = takeLock(file, 'x', { wait: { signal: stop.signal } });
    stop.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await lock.check();
    await lock.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('gets what a process leaves that is killed while others wait', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(other, 'spawn');
    await heldBy(other.pid, { began: processBegin(other.pid ?? 0) });
    const waiting = takeLock(file, 'x', { wait: { onWait: () => other.kill('SIGKILL') } });
    await (await waiting).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('waits for a process of another machine or container as long as it touches the file', async () => {
    for (const elsewhere of [{ machine: 'elsewhere', numbering: 'other' }, { numbering: 'of this machine before' }]) {
      await heldBy(process.pid, elsewhere);
      const holds = setInterval(() => utimes(file, new Date(), new Date()), 20);
      const told: string[] = [];
      let taken = false;
      const waiting = takeLock(file, 'x', {
        wait: { onWait: ({ machine }) => told.push(machine), silentAfter: 500 },
      }).then((lock) => {
        taken = true;
        return lock;
      });
      await setTimeout(1000);
      expect(taken).toBe(false);
      clearInterval(holds);
      await (await waiting).release();
      expect(told).toEqual([elsewhere.machine ?? hostname()]);
    }
  });

  it('touches the file as a sign of life', async () => {
    const lock = await takeLock(file, 'x');
    const long = new Date(Date.now() - 60_000);
    await utimes(file, long, long);
    await vi.waitFor(async () => expect((await stat(file)).mtimeMs).toBeGreaterThan(long.getTime() + 30_000), 6000);
    await lock.release();
  });

  it('knows a lock that was taken from it, and leaves it alone', async () => {
    const lock = await takeLock(file, "'s' is written");
    await lock.check();
    await heldBy(1, { machine: 'elsewhere' });
    await expect(lock.check()).rejects.toThrow(
      /^'s' is written, but this process stood still, and process 1 of the machine or container 'elsewhere' took its lock '.*': begin again$/,
    );
    await lock.release();
    expect(await readdir(folder)).toEqual(['lock.json']);
    await rm(file);
    await expect(lock.check()).rejects.toThrow(/, and somebody removed its lock /);
  });

  it('does not wait for ever for what cannot be read', async () => {
    await symlink('nowhere', file);
    await expect(takeLock(file, 'x')).rejects.toThrow(`'${file}' is there and cannot be read: remove it`);
  });

  it('names the file where it cannot be made', async () => {
    await expect(takeLock(path.join(folder, 'missing', 'lock.json'), 'x')).rejects.toThrow(
      /cannot make '.*lock.json': there is no such file or folder \(ENOENT\)/,
    );
  });
});

describe('refuseLocked', () => {
  it('refuses what takeLock would, in its words, and changes nothing', async () => {
    await refuseLocked(file, "'run' is being trained");
    const lock = await takeLock(file, "'run' is being trained");
    const refusal = await takeLock(file, "'run' is being trained").catch((error: Error) => error.message);
    const names = await readdir(folder);
    const text = await readFile(file, 'utf8');
    await expect(refuseLocked(file, "'run' is being trained")).rejects.toThrow(String(refusal));
    expect(await readdir(folder)).toEqual(names);
    expect(await readFile(file, 'utf8')).toBe(text);
    await lock.release();
    // What a process left that is gone, and what is no lock's.
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    for (const left of [
      JSON.stringify({ process: gone, machine: hostname(), since: '2026-11-23T18:00:00.000Z' }),
      '{',
    ]) {
      await writeFile(file, left);
      await refuseLocked(file, 'x');
      expect(await readFile(file, 'utf8')).toBe(left);
    }
  });
});
