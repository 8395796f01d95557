import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, makeWorkplace, type Workplace } from '../../../../../test/support/lookalike.ts';

let work: Workplace;
const at = (...names: string[]) => path.join(work.folder, ...names);
beforeAll(async () => {
  work = await makeWorkplace();
  await work.lookalike('index', 'pictures', '-m', 'model.onnx');
});
afterAll(() => work.remove());

const json = async (...argv: string[]) => JSON.parse((await work.lookalike(...argv, '--json')).stdout);
const nearest = async (...argv: string[]) =>
  (await json('search', 'pictures/arrow/1.png', '-k', '11', ...argv)).results;

describe('lookalike reindex', () => {
  it('tells what another model would change, and then makes the store as indexing by it would', async () => {
    const before = await nearest();
    const preview = await json('reindex', '--model', 'other.onnx', '--dry-run', '--html', 'changes.html');
    expect(await nearest()).toEqual(before);
    expect(preview).toMatchObject({ dryRun: true, images: 12, missing: [] });
    expect((await readFile(at('changes.html'), 'utf8')).match(/<img /g)?.length).toBeGreaterThan(100);
    await work.lookalike('index', 'pictures', '-m', 'other.onnx', '-s', 'fresh.lance');
    const after = await nearest('-s', 'fresh.lance');
    // The share of the first ten others, counted by hand; the query's own file is found first.
    const mover = preview.changed.find(({ id }: { id: string }) => id === 'arrow/1.png');
    if (mover !== undefined) {
      const ids = (found: { id: string }[]) => found.slice(1).map(({ id }) => id);
      expect(mover.before).toEqual(ids(before));
      expect(mover.after).toEqual(ids(after));
    }
    const one = preview.overlap.find(({ k }: { k: number }) => k === 100);
    expect(one.share).toBe(1);
    const { code, stdout } = await work.lookalike('reindex', '--model', 'other.onnx');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^of the 1 nearest \d+.*% are the same\nof the 10 nearest/);
    expect(await nearest()).toEqual(
      after.map(({ path: file, ...found }: { path: string }) => ({ ...found, path: file })),
    );
    expect((await json('stores')).stores[0].modelName).toBe(at('other.onnx'));
    expect(await json('index', 'pictures')).toMatchObject({ unchanged: 12, added: 0, updated: 0 });
  });

  it('refuses to lose images, unless it is told to', async () => {
    await rm(at('pictures', 'bars', '1.png'));
    const error = errorOf(await work.lookalike('reindex', '--model', 'model.onnx'));
    expect(error).toMatch(
      /^1 of the 12 images of the store 'catalogue.lance' cannot be embedded again: 'bars\/1.png' \(/,
    );
    expect((await json('stores')).stores[0].images).toBe(12);
    const dropped = await json('reindex', '--model', 'model.onnx', '--drop-missing');
    expect(dropped).toMatchObject({ images: 11, missing: [{ id: 'bars/1.png' }] });
    expect((await json('stores')).stores[0]).toMatchObject({ images: 11, modelName: at('model.onnx') });
    expect(errorOf(await work.lookalike('reindex'))).toMatch(/^option '-m, --model <file>' is missing/);
  });
});
