import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeTinyModel } from './fixtures/tiny-model.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'watch-kill-'));
  await writeTinyModel(path.join(folder, 'model.onnx'));
});
afterAll(() => rm(folder, { recursive: true }));

// `node bench/soak/watch-kills.mjs` does it thirty times with 300 images.
it('watches on after it was killed at random moments while files changed: the store equals the folder', async () => {
  const script = path.join(import.meta.dirname, '..', 'bench', 'soak', 'watch-kills.mjs');
  const argv = [script, '--kills', '2', '--images', '20', '--model', path.join(folder, 'model.onnx')];
  const { stdout } = await promisify(execFile)(process.execPath, argv);
  const { wrong, caughtUp } = JSON.parse(stdout);
  expect(wrong).toEqual([]);
  expect(caughtUp).toHaveLength(2);
  expect(caughtUp[0]).toBe(20);
  for (const changes of caughtUp.slice(1)) expect(changes).toBeGreaterThan(0);
}, 120_000);
