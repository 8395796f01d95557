import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { exists } from './exists.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exists-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('tells files and folders from what is not there', async () => {
  const file = path.join(folder, 'empty');
  expect(await exists(file)).toBe(false);
  await writeFile(file, '');
  expect(await exists(file)).toBe(true);
  expect(await exists(folder)).toBe(true);
  expect(await exists(path.join(file, 'below a file'))).toBe(false);
});
