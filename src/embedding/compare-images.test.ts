import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { writeTinyModel } from '../../test/fixtures/tiny-model.ts';
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
  await embedder.close();
  await rm(folder, { recursive: true });
});
