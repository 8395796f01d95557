import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { writeTinyModel } from '../../../test/fixtures/tiny-model.ts';
import { compareImages } from './compare-images.ts';
import { loadModel } from './embedder.ts';

it('gives the distance and the cosine of two embeddings, paths and pixels alike', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'lookalike-compare-'));
  await writeTinyModel(path.join(folder, 'model.onnx'));
  const embedder = await loadModel(path.join(folder, 'model.onnx'));
  const file = path.join(folder, 'red.png');
  await sharp({ create: { width: 4, height: 4, channels: 3, background: '#f01020' } }).toFile(file);
  const pixels = (red: number, green: number) => {
    const data = Uint8Array.from({ length: 48 }, (_, index) => [red, green, 0x20][index % 3]);
    return { kind: 'pixels', width: 4, height: 4, channels: 3, data } as const;
  };
  const [a, b] = [await embedder.embedImage(pixels(0xf0, 0x10)), await embedder.embedImage(pixels(10, 200))];
  const dot = a.reduce((sum, x, index) => sum + x * b[index], 0);
  const { distance, similarity } = await compareImages(embedder, file, pixels(10, 200));
  expect(similarity).toBeCloseTo(dot, 5);
  expect(distance).toBeCloseTo(Math.sqrt(2 - 2 * dot), 5);
  expect(distance).toBeGreaterThan(0.1);
  expect(await compareImages(embedder, file, pixels(0xf0, 0x10))).toMatchObject({ distance: 0 });
  await expect(compareImages(embedder, file, path.join(folder, 'no.png'))).rejects.toThrow(
    /no.png': there is no such file/,
  );
  for (const same of [pathToFileURL(file), await readFile(file), new Blob([Uint8Array.from(await readFile(file))])]) {
    expect(await compareImages(embedder, same, file)).toMatchObject({ distance: 0 });
  }
  await expect(Reflect.apply(compareImages, undefined, ['a.png', 'b.png'])).rejects.toThrow(
    "embedder: a model is expected; this is the text 'a.png'; await loadModel(path) gives one",
  );
  await expect(Reflect.apply(compareImages, undefined, [embedder, file])).rejects.toThrow('this is undefined');
  await expect(Reflect.apply(compareImages, undefined, [embedder, file, file, { distance: 'l2' }])).rejects.toThrow(
    "distance: one of euclidean, squared-euclidean, cosine, manhattan, hamming is expected; this is the text 'l2'",
  );
  await embedder.close();
  await rm(folder, { recursive: true });
});
