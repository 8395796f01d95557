import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { imagesThatLook } from '../../../test/fixtures/examined-images.ts';
import { readFindings, writeFindings } from './findings-file.ts';
import { findContradictoryLabels } from './pictures/contradictory-labels.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lookalike-findings-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('reads what it wrote, and nothing where there is no file', async () => {
  const file = path.join(folder, 'findings.json');
  expect(await readFindings(file)).toBeUndefined();
  const finding = findContradictoryLabels(imagesThatLook('x x', 'a b'))!;
  await writeFindings(file, [finding]);
  expect(await readFindings(file)).toEqual([finding]);
});

it.each(['{', '{"findings":[{"kind":"flu"}]}', '[]'])('refuses %s, and says what to do', async (text) => {
  const file = path.join(folder, 'wrong.json');
  await writeFile(file, text);
  await expect(readFindings(file)).rejects.toThrow(
    `'${file}' is no list of findings of this version: remove it; give options.material to look at the pictures again`,
  );
});
