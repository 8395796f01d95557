import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { makePipe } from '../../../test/support/special-files.ts';
import { isTripletFile } from './is-triplet-file.ts';

it('knows a triplet file by its header', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'lookalike-header-'));
  const check = async (name: string, content: string) => {
    await writeFile(path.join(folder, name), content);
    return isTripletFile(path.join(folder, name));
  };
  expect(await check('a.csv', 'query,positive,negative\na,b,c\n')).toBe(true);
  expect(await check('a.CSV', '\uFEFF"Negative", query,positive,rater\r\n')).toBe(true);
  expect(await check('a.csv', '\n query ,positive,negative\ra,b,c\r')).toBe(true);
  expect(await check('a.csv', `query,positive,negative,${'x'.repeat(10_000)}\n`)).toBe(true);
  expect(await check('a.csv', 'image,label\rquery.png,positive\rpositive,negative\r')).toBe(false);
  makePipe(path.join(folder, 'pipe.csv'));
  expect(await isTripletFile(path.join(folder, 'pipe.csv'))).toBe(false);
  expect(await check('a.csv', 'image,label\nquery,positive\n')).toBe(false);
  expect(await check('a.csv', '')).toBe(false);
  expect(await check('a.txt', 'query,positive,negative\n')).toBe(false);
  expect(await isTripletFile(path.join(folder, 'missing.csv'))).toBe(false);
  await writeFile(path.join(folder, 'x'), '');
  expect(await isTripletFile(folder)).toBe(false);
  await rm(folder, { recursive: true });
});
