import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspectDataset } from '../inspection/inspect-dataset.ts';
import { hasImageExtension } from './image-extensions.ts';
import { loadDataset } from './load-dataset.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'extensions-'));
});
afterAll(() => rm(folder, { recursive: true }));

const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>';
const picture = () => sharp({ create: { width: 8, height: 8, channels: 3, background: '#c04020' } });
const extensions = {
  jpeg: ['jpg', 'jpeg', 'jpe', 'jfif', 'jif', 'jfi', 'pjpeg', 'pjp', 'mpo', 'jps'],
  png: ['png', 'apng', 'pns'],
  webp: ['webp'],
  gif: ['gif'],
  tiff: ['tif', 'tiff', 'btf', 'tf8'],
  avif: ['avif'],
} as const;

describe('image extensions', () => {
  it('lists and decodes every extension of a format that is read, in any case', async () => {
    const names: string[] = [];
    const write = async (ending: string, bytes: Uint8Array | string) => {
      for (const name of [`low.${ending}`, `UP.${ending.toUpperCase()}`]) {
        await writeFile(path.join(folder, name), bytes);
        names.push(name);
      }
    };
    for (const [format, endings] of Object.entries(extensions)) {
      const bytes = await picture()
        .toFormat(format as keyof typeof extensions)
        .toBuffer();
      for (const ending of endings) await write(ending, bytes);
    }
    await write('svg', svg);
    await write('svgz', gzipSync(svg));
    const report = await inspectDataset(await loadDataset(folder));
    expect(report.unreadable).toEqual([]);
    expect(report.images).toBe(names.length);
    expect(report.sizes?.width).toEqual({ smallest: 8, median: 8, largest: 8 });
  });

  it('reports the raw file of a camera, though its preview could be decoded', async () => {
    const preview = await picture().tiff().toBuffer();
    const raw = path.join(folder, 'raw');
    await mkdir(raw);
    for (const name of ['a.dng', 'b.NEF', 'c.cr2', 'd.tif']) await writeFile(path.join(raw, name), preview);
    const { unreadable, images } = await inspectDataset(await loadDataset(raw));
    expect(images).toBe(4);
    expect(unreadable).toEqual(
      [
        ['a.dng', 'Adobe DNG'],
        ['b.NEF', 'Nikon'],
        ['c.cr2', 'Canon'],
      ].map(([id, maker]) => ({
        id,
        reason: `it is a raw file of a camera (${maker}), which is not read; convert it to JPEG or TIFF`,
      })),
    );
  });

  it.each(['bmp', 'DIB', 'heic', 'hif', 'jp2', 'j2k', 'jxl', 'psd', 'ico', 'tga', 'exr', 'ppm', 'arw'])(
    'lists .%s, so that it is reported',
    (ending) => expect(hasImageExtension(`a.${ending}`)).toBe(true),
  );

  it.each(['a.txt', 'a', '.png', '.a.png', 'png', 'a.pngx', 'a.', 'a.constructor', 'a.png.txt'])(
    'is not what %s has',
    (name) => expect(hasImageExtension(name)).toBe(false),
  );
});
