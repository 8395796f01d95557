import { copyFile, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePictures } from '../../../../../test/fixtures/make-pictures.ts';
import { errorOf, makeWorkplace, type Workplace } from '../../../../../test/support/lookalike.ts';

let work: Workplace;
const at = (...names: string[]) => path.join(work.folder, ...names);
beforeAll(async () => {
  work = await makeWorkplace();
  // Planted: the same bytes, the same picture twice as large, and compressed with loss.
  await copyFile(at('pictures', 'disc', '1.png'), at('pictures', 'bars', 'copy.png'));
  await sharp(at('pictures', 'arrow', '2.png'))
    .resize(48, 48)
    .png()
    .toFile(at('pictures', 'arrow', 'large.png'));
  await sharp(at('pictures', 'arrow', '2.png'))
    .webp({ quality: 90 })
    .toFile(at('pictures', 'arrow', 'small.webp'));
  await sharp(at('pictures', 'arrow', '2.png'))
    .flop()
    .toFile(at('pictures', 'arrow', 'mirrored.png'));
  await work.lookalike('index', 'pictures', '-m', 'model.onnx');
});
afterAll(() => work.remove());

interface Group {
  readonly keep: string;
  readonly exact: boolean;
  readonly diameter: number;
  readonly images: readonly { readonly id: string; readonly width: number }[];
}

describe('lookalike duplicates', () => {
  it('finds what has the same bytes, deletes nothing, and says what to keep', async () => {
    const { groups } = JSON.parse((await work.lookalike('duplicates', '--max-distance', '0', '--json')).stdout);
    expect(groups).toMatchObject([
      {
        exact: true,
        diameter: 0,
        keep: 'disc/1.png',
        images: [
          { id: 'bars/copy.png', width: 24, height: 24 },
          { id: 'disc/1.png', path: at('pictures', 'disc', '1.png') },
        ],
      },
    ]);
    expect(await readFile(at('pictures', 'bars', 'copy.png'))).toHaveLength(groups[0].images[0].byteLength);
  });

  it('finds copies by vectors and pictures, the largest to be kept', async () => {
    const { stdout } = await work.lookalike('duplicates', '--json');
    const { groups, judgedBy, unseen } = JSON.parse(stdout);
    expect({ judgedBy, unseen }).toEqual({ judgedBy: 'pictures', unseen: 0 });
    const planted = groups.find(({ images }: Group) => images.some(({ id }) => id === 'arrow/large.png'));
    expect(planted.keep).toBe('arrow/large.png');
    expect(planted.images.map(({ id }: { id: string }) => id)).toEqual(
      expect.arrayContaining(['arrow/2.png', 'arrow/small.webp']),
    );
    for (const { diameter } of groups) expect(diameter).toBeLessThanOrEqual(0.6);
    const ids = groups.flatMap(({ images }: Group) => images.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
    const text = (await work.lookalike('duplicates')).stdout;
    expect(text).toMatch(/^\d groups?, \d+ images? more than needed\n/);
    expect(text).toMatch(/^ {2}keep {2}48 x 48, \d+ bytes {2}arrow\/large.png$/m);
  });

  it('goes by a share of alike pairs where the model is calibrated, and says where it is not', async () => {
    await makePictures(at('many'), { classes: 6, picturesPerClass: 8, size: 24 });
    await work.lookalike('calibrate', 'many', '-m', 'model.onnx', '-o', 'calibrated.onnx');
    await work.lookalike('index', 'pictures', '-m', 'calibrated.onnx', '-s', 'shares.lance');
    const argv = ['duplicates', '-s', 'shares.lance', '--min-alike'];
    const { groups, judgedBy, maxDistance } = JSON.parse((await work.lookalike(...argv, '0.2', '--json')).stdout);
    expect(judgedBy).toBe('distance');
    for (const { diameter } of groups) expect(diameter).toBeLessThanOrEqual(maxDistance);
    const same = JSON.parse(
      (await work.lookalike('duplicates', '-s', 'shares.lance', '--max-distance', `${maxDistance}`, '--json')).stdout,
    );
    expect(groups).toEqual(same.groups);
    expect(errorOf(await work.lookalike(...argv, '1'))).toMatch(/^no distance has a share of 1 of alike pairs/);
    expect(errorOf(await work.lookalike('duplicates', '--min-alike', '0.9'))).toMatch(/the model is not calibrated/);
    const both = await work.lookalike(...argv, '0.9', '--max-distance', '1');
    expect(both.code).toBe(2);
    expect(errorOf(both)).toMatch(/give one of them/);
  });

  it('writes a page, and goes by a filter', async () => {
    const argv = ['duplicates', '--max-distance', '0', '--html', 'same.html'];
    expect((await work.lookalike(...argv)).code).toBe(0);
    const page = await readFile(at('same.html'), 'utf8');
    expect(page.match(/<img /g)).toHaveLength(2);
    expect(page).toContain('Keep');
    const none = await work.lookalike('duplicates', '--max-distance', '0', '--where', "class = 'bars'", '--json');
    expect(JSON.parse(none.stdout).groups).toEqual([]);
    expect(errorOf(await work.lookalike('duplicates', '-s', 'none.lance'))).toMatch(/^there is no store at/);
    await rm(at('pictures', 'disc', '1.png'));
    const gone = await work.lookalike('duplicates', '--max-distance', '0');
    expect(gone.stdout).toMatch(/not readable, \d+ bytes {2}disc\/1.png/);
  });

  it('looks at the small pictures that the store keeps, where files are gone', async () => {
    const store = ['-s', 'kept.lance'];
    await work.lookalike('index', 'pictures', '-m', 'model.onnx', ...store, '--thumbnails');
    const groups = async () => {
      const { groups: found, unseen } = JSON.parse((await work.lookalike('duplicates', ...store, '--json')).stdout);
      return { unseen, ids: found.map(({ images }: Group) => images.map(({ id }) => id)) };
    };
    const before = await groups();
    expect(before.ids.length).toBeGreaterThan(0);
    await rename(at('pictures'), at('away'));
    expect(await groups()).toEqual(before);
    await work.lookalike('duplicates', ...store, '--html', 'kept.html');
    expect((await readFile(at('kept.html'), 'utf8')).match(/<img /g)).toHaveLength(before.ids.flat().length);
    await rm(at('kept.lance', 'thumbnails.lance'), { recursive: true });
    const blind = await work.lookalike('duplicates', ...store);
    expect(blind.stderr).toMatch(/\d+ pictures could not be looked at: give --max-distance/);
    await rename(at('away'), at('pictures'));
  });
});
