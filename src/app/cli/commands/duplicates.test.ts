import { copyFile, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, makeWorkplace, type Workplace } from '../../../../test/support/lookalike.ts';

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

  it('finds copies within a distance that copies of its own pictures say, the largest to be kept', async () => {
    const { stdout } = await work.lookalike('duplicates', '--json');
    const { groups, maxDistance, measuredOnCopies } = JSON.parse(stdout);
    expect(measuredOnCopies).toBe(15);
    const planted = groups.find(({ images }: Group) => images.some(({ id }) => id === 'arrow/large.png'));
    expect(planted.keep).toBe('arrow/large.png');
    expect(planted.images.map(({ id }: { id: string }) => id)).toEqual(
      expect.arrayContaining(['arrow/2.png', 'arrow/small.webp']),
    );
    for (const { diameter } of groups) expect(diameter).toBeLessThanOrEqual(maxDistance);
    const ids = groups.flatMap(({ images }: Group) => images.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
    const text = (await work.lookalike('duplicates')).stdout;
    expect(text).toMatch(/^\d groups?, \d+ images? more than needed\n/);
    expect(text).toMatch(/^ {2}keep {2}48 x 48, \d+ bytes {2}arrow\/large.png$/m);
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
});
