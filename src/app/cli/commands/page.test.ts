import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeWorkplace, type Workplace } from '../../../../test/support/lookalike.ts';

let work: Workplace;
beforeAll(async () => {
  work = await makeWorkplace();
});
afterAll(() => work.remove());

describe('lookalike page', () => {
  it('writes a page with a model, and pictures if there are any', async () => {
    const { code, stdout } = await work.lookalike('page', '-o', 'site', '-m', 'model.onnx', '--pictures', 'pictures');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^page: site, \d+ files, of which 12 pictures\n$/)]);
    const said = JSON.parse(await readFile(path.join(work.folder, 'site', 'alone.json'), 'utf8'));
    expect(said.model).toEqual({ file: 'model.onnx', name: 'model.onnx' });
    expect(said.pictures).toHaveLength(12);
    const { stdout: document } = await work.lookalike('page', '-o', 'site', '-m', 'model.onnx', '--json');
    expect(JSON.parse(document)).toMatchObject({ folder: 'site', model: 'model.onnx', pictures: 0 });
  });

  it('refuses a folder of other things, and asks for the folder', async () => {
    const { code, stderr } = await work.lookalike('page', '-o', 'pictures', '-m', 'model.onnx');
    expect([code, stderr]).toEqual([2, expect.stringMatching(/the folder 'pictures' has other things in it/)]);
    expect((await work.lookalike('page')).stderr).toMatch(/--output <folder>.* is missing/);
  });
});
