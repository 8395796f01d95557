import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, makeWorkplace, type Workplace } from '../../../../../test/support/lookalike.ts';

let work: Workplace;
const at = (...names: string[]) => path.join(work.folder, ...names);
beforeAll(async () => {
  work = await makeWorkplace();
  await copyFile(at('pictures', 'arrow', '1.png'), at('pictures', 'arrow', 'copy, "1".png'));
  await copyFile(at('pictures', 'bars', '1.png'), at('pictures', 'disc', 'bars.png'));
  await mkdir(at('pictures', 'lone'));
  await copyFile(at('pictures', 'cross', '1.png'), at('pictures', 'lone', '1.png'));
  await writeFile(at('pictures', 'disc', 'broken.jpg'), 'text');
  await symlink(at('pictures'), at('pictures', 'bars', 'loop'));
});
afterAll(() => work.remove());

describe('lookalike inspect', () => {
  it('prints classes, sizes, broken files and duplicates', async () => {
    const { code, stdout, stderr } = await work.spawned('inspect', 'pictures');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.replace(/broken.jpg: .*/, 'broken.jpg: (reason)')).toBe(
      [
        `${at('pictures')}: a folder of class folders`,
        '16 images, 1 of them unreadable; 5 classes',
        'images a class: 1 to 4, median 3',
        'width 24 pixels; height 24 pixels',
        'classes with a single image, which can only be a negative: 1',
        '  lone',
        'unreadable images: 1',
        '  disc/broken.jpg: (reason)',
        'groups of identical files within a class: 1',
        '  arrow/1.png, arrow/copy, "1".png',
        'groups of identical files in different classes: one label is wrong: 2',
        '  bars/1.png, disc/bars.png',
        '  cross/1.png, lone/1.png',
        '',
      ].join('\n'),
    );
  });

  it('gives one document under --json', async () => {
    const { code, stdout } = await work.lookalike('inspect', 'pictures', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      root: at('pictures'),
      images: 16,
      singleImageClasses: ['lone'],
      sizes: { width: { smallest: 24, median: 24, largest: 24 } },
      unreadable: [{ id: 'disc/broken.jpg' }],
    });
  });

  it.each([
    ['a missing folder', 'no where', /there is nothing at '.*no where'/],
    ['an empty folder', 'empty', /'.*empty'/],
    ['a file of another kind', 'model.onnx', /model.onnx/],
  ])('explains %s in one line', async (_, images, message) => {
    await mkdir(at('empty'), { recursive: true });
    const finished = await work.lookalike('inspect', images);
    expect(finished.code).toBe(1);
    expect(errorOf(finished)).toMatch(message);
  });
});
