import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeTinyModel } from './fixtures/tiny-model.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'index-kill-'));
  await writeTinyModel(path.join(folder, 'model.onnx'));
});
afterAll(() => rm(folder, { recursive: true }));

// `node bench/soak/index-kills.mjs` does it a hundred times with 2,000 images.
it('indexes to the end what was killed at random moments while files changed: the store equals the folder', async () => {
  const script = path.join(import.meta.dirname, '..', 'bench', 'soak', 'index-kills.mjs');
  const argv = [script, '--kills', '6', '--images', '60', '--model', path.join(folder, 'model.onnx')];
  const { stdout } = await promisify(execFile)(process.execPath, argv);
  const { wrong, failed, killed, lastRun, images } = JSON.parse(stdout);
  expect(wrong).toEqual([]);
  expect(failed).toBe(0);
  expect(killed).toBeGreaterThan(0);
  expect(Object.values<number>(lastRun).reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(images);
}, 120_000);
