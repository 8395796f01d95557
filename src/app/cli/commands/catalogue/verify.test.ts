import { copyFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { connect } from '@lancedb/lancedb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, makeWorkplace, type Workplace } from '../../../../../test/support/lookalike.ts';

let work: Workplace;
const at = (...names: string[]) => path.join(work.folder, ...names);
beforeAll(async () => {
  work = await makeWorkplace();
  await work.lookalike('index', 'pictures', '-m', 'model.onnx');
});
afterAll(() => work.remove());

const json = async (...argv: string[]) => JSON.parse((await work.lookalike('verify', ...argv, '--json')).stdout);

describe('lookalike verify', () => {
  it('finds nothing wrong with a store that is as its folder', async () => {
    expect(await json()).toMatchObject({
      images: 12,
      looked: 12,
      missing: [],
      vanished: [],
      outdated: [],
      notFound: [],
    });
    expect((await json('--sample', '5')).looked).toBe(5);
    expect((await work.lookalike('verify')).stdout).toBe('12 images, 12 looked for by their own vectors\n');
  });

  it('tells what differs, and mends it', async () => {
    await rm(at('pictures', 'bars', '1.png'));
    await rename(at('pictures', 'bars', '2.png'), at('pictures', 'bars', 'moved.png'));
    await copyFile(at('pictures', 'disc', '1.png'), at('pictures', 'disc', '2.png'));
    // Another program has put a row in that no picture stands behind, and one twice.
    const table = await (await connect(at('catalogue.lance'))).openTable('images');
    const [row] = await table.query().where("id = 'arrow/1.png'").toArray();
    await table.add([{ ...row.toJSON(), vector: [...row.vector], id: 'arrow/ghost.png' }]);
    await table.add([{ ...row.toJSON(), vector: [...row.vector] }]);
    const told = await work.lookalike('verify');
    expect(told.code).toBe(1);
    expect(told.stdout).toMatch(/^1 image missing from the store: bars\/moved.png$/m);
    expect(told.stdout).toMatch(/^3 images in the store alone: arrow\/ghost.png, bars\/1.png, bars\/2.png$/m);
    expect(told.stdout).toMatch(/^1 image outdated: disc\/2.png$/m);
    expect(told.stdout).toMatch(/^1 row more than images$/m);
    expect(errorOf(told)).toMatch(/^the store 'catalogue.lance' is not what the folder '.*pictures' is: give --repair/);
    const mended = await json('--repair');
    expect(mended).toMatchObject({ images: 11, missing: [], vanished: [], outdated: [], notFound: [], doubled: 0 });
    expect(mended.before).toMatchObject({ missing: ['bars/moved.png'], outdated: ['disc/2.png'], doubled: 1 });
    expect((await work.lookalike('verify')).code).toBe(0);
  });

  it('refuses what mirrors nothing', async () => {
    await work.lookalike('add', 'pictures', '-s', 'added.lance', '-m', 'model.onnx');
    expect(errorOf(await work.lookalike('verify', '-s', 'added.lance'))).toMatch(
      /^the store 'added.lance' mirrors no folder/,
    );
  });
});
