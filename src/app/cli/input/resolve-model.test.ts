import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { resolveModel } from './resolve-model.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lookalike-resolve-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function put(name: string): Promise<string> {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, '');
  return file;
}

it('takes the given model before run/model.onnx before the packaged one', async () => {
  const packaged = path.join(folder, 'package', 'model.onnx');
  const choose = (given?: string) => resolveModel(given, { folder, packaged });
  await expect(choose()).rejects.toThrow(
    /no model is given, and there is neither '.*run.model.onnx' nor '.*package.model.onnx'/,
  );
  await expect(choose()).rejects.toThrow(/train one with .* or name one with --model/);
  await put('package/model.onnx');
  expect(await choose()).toEqual({ path: packaged, origin: 'packaged' });
  const run = await put('run/model.onnx');
  expect(await choose()).toEqual({ path: run, origin: 'run' });
  expect(await choose('other.onnx')).toEqual({ path: 'other.onnx', origin: 'given' });
  expect(await choose(path.join(folder, 'run'))).toEqual({ path: run, origin: 'given' });
});
