import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { readCheckpoint } from '../src/training/loop/checkpoint.ts';

// The children run the built files.
const built = pathToFileURL(path.join(import.meta.dirname, '../dist/training/loop/checkpoint.js')).href;
const folder = mkdtempSync(path.join(tmpdir(), 'checkpoint-process-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A script that can `write(step, length)`: a checkpoint whose two tensors hold nothing but the step. */
const script = (file: string, body: string) => `
  import { writeSync } from 'node:fs';
  import { writeCheckpoint } from ${JSON.stringify(built)};
  const filled = (step, length) => ({ type: 'float32', shape: [length], data: new Float32Array(length).fill(step) });
  const write = (step, length) => writeCheckpoint(${JSON.stringify(file)}, {
    step, tensors: new Map([['a', filled(step, length)], ['b', filled(step, 3)]]), state: { step },
  });
  ${body}
`;

async function expectWhole(file: string): Promise<number> {
  const { step, tensors, state } = await readCheckpoint(file);
  expect(state).toEqual({ step });
  for (const [name, { data }] of tensors) expect([...new Set<number | bigint>(data)], name).toEqual([step]);
  return step;
}

describe('a process that writes checkpoints', () => {
  it('can be killed at any moment: the file is whole and not older than the last one reported', async () => {
    const place = mkdtempSync(path.join(folder, 'killed-'));
    const file = path.join(place, 'checkpoint.safetensors');
    const kills = 10;
    let reported = 0;
    for (let kill = 0; kill < kills; kill++) {
      const loop = `for (let step = ${reported + 1}; ; step++) { await write(step, 500_000); writeSync(1, step + '\\n'); }`;
      const child = spawn(process.execPath, ['--input-type=module', '-e', script(file, loop)]);
      let printed = '';
      child.stdout.on('data', (text) => {
        printed += text;
      });
      const ended = new Promise((resolve) => child.once('close', resolve));
      await new Promise((resolve) => child.stdout.once('data', resolve));
      await setTimeout(Math.random() * 40);
      child.kill('SIGKILL');
      await ended;
      // A line without its end may be cut: what counts is the last whole one.
      reported = Number(printed.split('\n').at(-2));
      const step = await expectWhole(file);
      expect(step).toBeGreaterThanOrEqual(reported);
      expect(step).toBeLessThanOrEqual(reported + 1);
      reported = step;
    }
    expect(reported).toBeGreaterThanOrEqual(kills);
    // Each child removed what the one before it left half written.
    expect(readdirSync(place).length).toBeLessThanOrEqual(2);
  });

  it.skipIf(process.platform === 'win32')('says in one line that the disk is full, and keeps the old one', async () => {
    const place = mkdtempSync(path.join(folder, 'full-'));
    const file = path.join(place, 'checkpoint.safetensors');
    // 1000 blocks are 500 KiB or 1 MB, as the shell counts.
    const run = (body: string) => {
      const node = [process.execPath, '--input-type=module', '-e', script(file, body)];
      return spawnSync('sh', ['-c', 'ulimit -f 1000; exec "$@"', 'sh', ...node], { encoding: 'utf8' });
    };
    expect(run('await write(1, 1000);')).toMatchObject({ status: 0, stderr: '' });
    const before = readFileSync(file);
    const { stdout, stderr } = run('await write(2, 1_000_000).catch((error) => console.log(error.message));');
    expect(stderr).toBe('');
    expect(stdout).toBe(
      `cannot write '${file}': the file would be larger than the file system or the limit (ulimit -f) allows (EFBIG); ` +
        'choose another place\n',
    );
    expect(readFileSync(file)).toEqual(before);
    expect(readdirSync(place)).toEqual(['checkpoint.safetensors']);
    expect(run('await write(3, 1000);')).toMatchObject({ status: 0, stderr: '' });
    expect(await expectWhole(file)).toBe(3);
  });
});
