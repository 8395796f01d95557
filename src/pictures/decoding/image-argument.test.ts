import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeImage } from './decode-image.ts';
import { type ImageArgument, imageOf } from './image-argument.ts';

let folder: string;
let file: string;
let bytes: Buffer;
const rgb = Uint8Array.from({ length: 5 * 4 * 3 }, (_, index) => (index * 37) % 256);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lookalike argument #1 %20 '));
  file = path.join(folder, 'a picture.png');
  await sharp(rgb, { raw: { width: 5, height: 4, channels: 3 } })
    .png()
    .toFile(file);
  bytes = await readFile(file);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('an image argument', () => {
  const pixels = { data: rgb, width: 5, height: 4, channels: 3 } as const;

  it('may be a path, a URL, bytes of every kind or pixels, and is the same image', async () => {
    const middle = new Uint8Array(bytes.length + 20);
    middle.set(bytes, 7);
    const given: ImageArgument[] = [
      file,
      pathToFileURL(file),
      pathToFileURL(file).href,
      bytes,
      Uint8Array.from(bytes),
      middle.subarray(7, 7 + bytes.length),
      Uint8Array.from(bytes).buffer,
      new Blob([Uint8Array.from(bytes)]),
      pixels,
      { kind: 'pixels', ...pixels },
      { kind: 'file', path: file },
      { ...pixels, data: Buffer.from(rgb) },
    ];
    for (const image of given) {
      const { width, height, data } = await decodeImage(await imageOf(image));
      expect([width, height, [...data]]).toEqual([5, 4, [...rgb]]);
    }
  });

  it('may be of another realm', async () => {
    const context = vm.createContext({ numbers: [...bytes], Blob, URL });
    for (const code of [
      'new Uint8Array(numbers)',
      'new Uint8Array(numbers).buffer',
      'new Blob([new Uint8Array(numbers)])',
    ]) {
      const { data } = await decodeImage(await imageOf(vm.runInContext(code, context)));
      expect([...data]).toEqual([...rgb]);
    }
  });

  it('is taken as a path where it may be one', async () => {
    for (const name of ['c:picture.png', 'data', 'http', 'a:b', 'x'.repeat(300)]) {
      expect(await imageOf(name)).toEqual({ kind: 'file', path: name, orPipe: true });
    }
  });

  it.each<[string, () => unknown, string]>([
    ['nothing', () => undefined, '; this is undefined'],
    ['null', () => null, '; this is null'],
    ['a number', () => 7, '; this is the number 7'],
    ['an empty text', () => '', '; this is an empty text'],
    [
      'an address',
      () => 'https://example.org/a.png',
      "addresses are not fetched ('https://example.org/a.png'): download",
    ],
    [
      'a URL of the web',
      () => new URL('http://example.org/a.png'),
      "addresses are not fetched ('http://example.org/a.png')",
    ],
    ['a data URL', () => 'data:image/png;base64,AAAA', 'data: URLs are not read: give the bytes'],
    ['a promise', () => Promise.resolve(rgb), '; this is a Promise (await it)'],
    ['an array', () => [1, 2, 3], '; this is an array of 3'],
    ['floats', () => new Float32Array(3), '; this is a Float32Array of 12 bytes'],
    [
      'pixels without their channels',
      () => ({ data: rgb, width: 5, height: 4 }),
      '; this is an object with data, width, height',
    ],
    ['a source without a path', () => ({ kind: 'file' }), '; this is an object with kind'],
    ['a pipeline of sharp', () => sharp(file), 'give what its toBuffer() gives'],
  ])('is not %s', async (_, given, message) => {
    // As JavaScript passes it: nothing has looked at its type.
    await expect(Reflect.apply(imageOf, undefined, [given()])).rejects.toThrow(message);
  });
});
